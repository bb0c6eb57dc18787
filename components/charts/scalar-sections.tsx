"use client";

import type { ReactNode } from "react";
import { useUrlState } from "@/components/hooks/use-url-state";
import type { ScalarSeries } from "@/server/contracts/attempts";
import { ChartSection } from "./chart-section";
import { GROUP_LABEL, groupCharts } from "./group-charts";
import type { ChartGroup } from "./tag-table";

export interface ScalarSectionsProps {
  charts: readonly ScalarSeries[];
  filter: string;
  /** Shown after the progress of the training, before its finer print. */
  gpus: ReactNode;
  renderChart: (chart: ScalarSeries) => ReactNode;
}

const AFTER_GPUS = ["optimizer", "speed", "other"] as const satisfies readonly ChartGroup[];
const CLOSED_AT_FIRST = "other";

/** The charts by group; which are closed stands in the address. While a filter is on, all of them are open. */
export function ScalarSections({ charts, filter, gpus, renderChart }: ScalarSectionsProps) {
  const [closedText, setClosed] = useUrlState("closed", CLOSED_AT_FIRST);
  const closed = closedText.split(",").filter(Boolean);
  const groups = groupCharts(charts, filter);
  const isFiltered = filter.trim() !== "";
  const fold = (name: string) => ({
    isOpen: isFiltered || !closed.includes(name),
    onOpenChange: (isOpen: boolean) => {
      const others = closed.filter((known) => known !== name);
      setClosed((isOpen ? others : [...others, name]).join(","));
    },
  });
  const section = (group: ChartGroup) => {
    const members = groups.get(group);
    return (
      members && (
        <ChartSection key={group} title={GROUP_LABEL[group]} count={members.length} {...fold(group)}>
          {members.map(renderChart)}
        </ChartSection>
      )
    );
  };
  return (
    <>
      {isFiltered && groups.size === 0 && (
        <p className="mb-4 rounded-lg border border-dashed px-4 py-6 text-muted">
          No chart is called “{filter.trim()}”.
        </p>
      )}
      {section("progress")}
      <ChartSection title="GPUs" {...fold("gpus")}>
        {gpus}
      </ChartSection>
      {AFTER_GPUS.map(section)}
    </>
  );
}
