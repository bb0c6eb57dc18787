import type { ScalarSeries } from "@/server/contracts/attempts";
import { type ChartGroup, tagLook } from "./tag-table";

export const GROUP_LABEL = {
  progress: "Progress",
  optimizer: "Optimizer",
  speed: "Speed and memory",
  other: "Other scalars",
} as const satisfies Record<ChartGroup, string>;

/** What the filter leaves of a group; a group without charts is left out. */
export function groupCharts(
  charts: readonly ScalarSeries[],
  filter: string,
): ReadonlyMap<ChartGroup, readonly ScalarSeries[]> {
  const groups = new Map<ChartGroup, ScalarSeries[]>();
  for (const chart of charts.filter((candidate) => isFound(candidate, filter))) {
    const { group } = tagLook(chart.tag);
    groups.set(group, [...(groups.get(group) ?? []), chart]);
  }
  return groups;
}

/** Every word has to be in the name that the chart shows, its canonical tag or the tag of its source. */
export function isFound({ tag, sourceTag }: ScalarSeries, filter: string): boolean {
  const { label, note } = tagLook(tag);
  const text = `${label} ${note} ${tag} ${sourceTag}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
