"use client";

import dynamic from "next/dynamic";
import { useUrlState } from "@/components/hooks/use-url-state";
import { LogTail } from "@/components/logs/log-tail";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { Tab, TabPanel, Tabs, TabsList } from "@/components/ui/tabs";
import type { AttemptView, RunView, StageView } from "@/server/contracts/runs";
import { isTerminal } from "@/server/contracts/statuses";
import { StageActions } from "./stage-actions";
import { StageCharts } from "./stage-charts";

/** The page opens with the charts; the other panels arrive when they are chosen. */
const loading = () => <Skeleton className="h-96 w-full rounded-lg" />;
const LogViewer = dynamic(() => import("@/components/logs/log-viewer").then((module) => module.LogViewer), {
  loading,
});
const RunConfiguration = dynamic(
  () => import("./run-configuration").then((module) => module.RunConfiguration),
  { loading },
);
const RunEvents = dynamic(() => import("./run-events").then((module) => module.RunEvents), { loading });
const RunFiles = dynamic(() => import("./run-files").then((module) => module.RunFiles), { loading });

const TABS = [
  { value: "charts", label: "Charts" },
  { value: "log", label: "Log" },
  { value: "files", label: "Files" },
  { value: "configuration", label: "Configuration" },
  { value: "events", label: "Events" },
] as const;

export interface StageSectionProps {
  run: RunView;
  stage: StageView;
  onStop: () => void;
}

/** Everything about one stage, by tabs; of its newest attempt unless another is chosen. */
export function StageSection({ run, stage, onStop }: StageSectionProps) {
  const [tab, setTab] = useUrlState("tab", "charts");
  const [chosen, setChosen] = useUrlState("attempt", "");
  const attempt = stage.attempts.find(({ id }) => id === chosen) ?? stage.attempts.at(-1) ?? null;
  return (
    <Tabs value={TABS.some(({ value }) => value === tab) ? tab : "charts"} onValueChange={setTab}>
      <TabsList
        label="Stage"
        aside={
          <StageActions
            run={run}
            stage={stage}
            attempt={attempt}
            onAttemptChange={setChosen}
            onStop={onStop}
          />
        }
      >
        {TABS.map(({ value, label }) => (
          <Tab key={value} value={value}>
            {label}
          </Tab>
        ))}
      </TabsList>
      {TABS.map(({ value }) => (
        <TabPanel key={value} value={value}>
          {tab === value || (value === "charts" && !TABS.some((known) => known.value === tab)) ? (
            <PanelContent tab={value} run={run} stage={stage} attempt={attempt} />
          ) : null}
        </TabPanel>
      ))}
    </Tabs>
  );
}

interface PanelContentProps {
  tab: (typeof TABS)[number]["value"];
  run: RunView;
  stage: StageView;
  attempt: AttemptView | null;
}

function PanelContent({ tab, run, stage, attempt }: PanelContentProps) {
  if (tab === "configuration") return <RunConfiguration run={run} kind={stage.kind} attempt={attempt} />;
  if (attempt === null) return <NotStarted stage={stage} />;
  switch (tab) {
    case "charts":
      return (
        <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_400px]">
          <div className="min-w-0">
            <StageCharts key={attempt.id} attempt={attempt} kind={stage.kind} />
          </div>
          <Card
            title="Log"
            note={isTerminal(attempt.status) ? "its end" : "following"}
            className="sticky top-16 hidden xl:block"
          >
            <LogTail
              key={attempt.id}
              attemptId={attempt.id}
              lineCount={36}
              className="-mx-3 -mb-2 rounded-none bg-transparent"
            />
          </Card>
        </div>
      );
    case "log":
      return <LogViewer key={attempt.id} attemptId={attempt.id} isActive={!isTerminal(attempt.status)} />;
    case "files":
      return <RunFiles key={attempt.id} attemptId={attempt.id} />;
    case "events":
      return <RunEvents attemptId={attempt.id} />;
  }
}

function NotStarted({ stage }: { stage: StageView }) {
  return (
    <p className="rounded-lg border border-dashed px-4 py-6 text-muted">
      This stage has not started. {stage.reason ?? "It waits for its turn."} Its configuration can be read
      already.
    </p>
  );
}
