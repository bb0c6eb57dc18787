import { formatGiB } from "./format-estimate";
import type { MemoryBar } from "./prepare-memory-bar";

/** What fills one GPU, against what it has: the mark is its end, what lies beyond it does not fit. */
export function MemoryBarView({ bar }: { bar: MemoryBar }) {
  const { gpus, totalGiB, capacityGiB, segments, capacityShare, isFitting } = bar;
  return (
    <div className="mt-1">
      <div className="flex flex-wrap items-baseline justify-between gap-x-2">
        <span className="min-w-0 truncate text-muted" title={gpus}>
          {gpus}
        </span>
        <span className={`num whitespace-nowrap ${isFitting ? "" : "text-bad"}`}>
          {formatGiB(totalGiB)} of {formatGiB(capacityGiB)} GiB
        </span>
      </div>
      <div
        role="img"
        aria-label={`${gpus}: ${segments.map(({ label, gib }) => `${label} ${formatGiB(gib)} GiB`).join(", ")}`}
        className="relative h-3 overflow-hidden rounded-sm bg-line-faint"
      >
        <div className="flex h-full">
          {segments.map(({ label, gib, share, color }) => (
            <div
              key={label}
              title={`${label} ${formatGiB(gib)} GiB`}
              className="h-full border-panel border-r last:border-r-0"
              style={{ width: `${share * 100}%`, background: color }}
            />
          ))}
        </div>
        {!isFitting && (
          <div
            aria-hidden
            className="absolute inset-y-0 border-bad border-l-2"
            style={{ left: `${capacityShare * 100}%` }}
          />
        )}
      </div>
      <ul className="mt-0.5 flex flex-wrap gap-x-3 text-2xs text-muted">
        {segments.map(({ label, gib, color }) => (
          <li key={label} className="inline-flex items-center gap-1">
            <span aria-hidden className="size-2 rounded-xs" style={{ background: color }} />
            {label} <span className="num">{formatGiB(gib)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
