"use client";

import { Bar, BarChart, CartesianGrid, LabelList, XAxis, YAxis } from "recharts";
import { formatEstimatedTime } from "@/components/estimates/format-estimate";
import { formatSi } from "@/components/format/format-number";
import { useElementWidth } from "@/components/hooks/use-element-width";
import type { PlannerCell } from "@/server/contracts/estimates";

const TICK = { fill: "var(--muted)", fontSize: 11, fontFamily: "var(--font-geist-mono)" };
const ROW = 24;

/** Hours of PPO, the fastest kind of GPU first; kinds that it does not fit are named below. */
export function PlannerChart({ cells }: { cells: readonly PlannerCell[] }) {
  const [frame, width] = useElementWidth<HTMLDivElement>();
  const rows = cells
    .flatMap(({ hardware, seconds }) =>
      seconds === null ? [] : [{ hardware, hours: seconds / 3600, text: formatEstimatedTime(seconds) }],
    )
    .toSorted((a, b) => a.hours - b.hours);
  const lacking = cells.filter(({ seconds }) => seconds === null).map(({ hardware }) => hardware);
  const summary = rows.map(({ hardware, text }) => `${hardware} ${text}`).join(", ");
  return (
    <div ref={frame}>
      {width > 0 && rows.length > 0 && (
        <div role="img" aria-label={`Hours of PPO: ${summary}`}>
          <BarChart
            layout="vertical"
            width={width}
            height={rows.length * ROW + 32}
            data={rows}
            margin={{ top: 4, right: 90, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid horizontal={false} stroke="var(--line-faint)" />
            <XAxis type="number" tickFormatter={formatSi} tick={TICK} tickLine={false} axisLine={false} />
            <YAxis
              type="category"
              dataKey="hardware"
              width={84}
              interval={0}
              tick={TICK}
              tickLine={false}
              axisLine={false}
            />
            <Bar dataKey="hours" fill="var(--ppo)" isAnimationActive={false} barSize={12}>
              <LabelList dataKey="text" position="right" fill="var(--fg)" fontSize={11} />
            </Bar>
          </BarChart>
        </div>
      )}
      {lacking.length > 0 && <p className="text-muted">Does not fit: {lacking.join(", ")}.</p>}
    </div>
  );
}
