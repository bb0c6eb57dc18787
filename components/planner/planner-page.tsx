"use client";

import dynamic from "next/dynamic";
import { ErrorNotice } from "@/components/errors/error-notice";
import { formatCount } from "@/components/format/format-number";
import { queryString } from "@/components/hooks/api";
import { useDebounced } from "@/components/hooks/use-debounced";
import { useResource } from "@/components/hooks/use-resource";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import type { PlannerResult } from "@/server/contracts/estimates";
import { type PlannerChoice, PlannerControls } from "./planner-controls";
import { PlannerTable } from "./planner-table";

const PlannerChart = dynamic(() => import("./planner-chart").then((module) => module.PlannerChart), {
  ssr: false,
  loading: () => <Skeleton className="h-64 w-full" />,
});

/** PPO of known models on known kinds of GPU: what fits, how long it takes, what it costs. */
export function PlannerPage() {
  const [choice, setChoice] = useChoice();
  const [chosenModel, setModel] = useUrlState("model", "");
  const { family, ...query } = choice;
  const path = useDebounced(`/estimates/planner${queryString(query)}`, 300);
  const { data, error, refetch } = useResource<PlannerResult>(path, { keepPrevious: true });
  const cells = data?.cells.filter((cell) => cell.family === family) ?? [];
  const models = [...new Set(cells.map(({ model }) => model))];
  const model = models.includes(chosenModel)
    ? chosenModel
    : (models.find((name) => /-7B|-13B|-3B/.test(name)) ?? models[0] ?? "");
  return (
    <>
      <PageHeader
        title="Planner"
        facts={
          data && (
            <span>
              PPO of {formatCount(data.queries)} queries, prompts and answers of {data.promptLength} tokens,
              beside {data.rewardModel} as reward model; by published figures
            </span>
          )
        }
      />
      <PlannerControls choice={choice} onChange={setChoice} />
      {error && <ErrorNotice error={error} title="Could not plan." onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-96 rounded-lg" />}
      {data && (
        <div className="flex flex-col gap-3">
          <Card
            title="Time by kind of GPU"
            note="hours"
            aside={
              <Select
                aria-label="Model of the chart"
                value={model}
                onValueChange={setModel}
                options={models.map((name) => ({ value: name, label: name }))}
              />
            }
          >
            <PlannerChart cells={cells.filter((cell) => cell.model === model)} />
          </Card>
          <Card
            title="Models and hardware"
            note={`largest batch per GPU, time, cost; ${query.gpuCount} GPUs`}
          >
            <PlannerTable cells={cells} />
          </Card>
        </div>
      )}
    </>
  );
}

function useChoice(): [PlannerChoice, (change: Partial<PlannerChoice>) => void] {
  const [family, setFamily] = useUrlState("family", "OPT");
  const [gpuCount, setGpuCount] = useUrlState("gpus", "8");
  const [zeroStage, setZeroStage] = useUrlState("zero", "3");
  const [offload, setOffload] = useUrlState("offload", "0");
  const [loraRank, setLoraRank] = useUrlState("lora", "0");
  const [pricePerGpuHour, setPrice] = useUrlState("price", "");
  const choice = { family, gpuCount, zeroStage, offload, loraRank, pricePerGpuHour };
  const setters = {
    ...{ family: setFamily, gpuCount: setGpuCount, zeroStage: setZeroStage },
    ...{ offload: setOffload, loraRank: setLoraRank, pricePerGpuHour: setPrice },
  };
  function set(change: Partial<PlannerChoice>) {
    for (const key of Object.keys(setters) as (keyof PlannerChoice)[]) {
      const value = change[key];
      if (value !== undefined) setters[key](value);
    }
  }
  return [choice, set];
}
