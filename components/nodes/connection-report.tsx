import { CircleCheck } from "lucide-react";
import { formatCount, MISSING } from "@/components/format/format-number";
import { formatMiBAsGiB } from "@/components/format/format-size";
import type { TestConnectionResult } from "@/server/contracts/nodes";
import { describeGpus } from "../yard/prepare-node";

/** What a successful test found, in one line each. */
export function ConnectionReport({ result }: { result: TestConnectionResult }) {
  const { inventory, latencyMs } = result;
  const gpus = inventory.gpus.map((gpu) => ({ ...gpu, nodeId: "", claimedBy: null }));
  const rows = [
    ["answers in", `${formatCount(Math.round(latencyMs))} ms`],
    ["host", [inventory.hostname, inventory.os].filter(Boolean).join(" · ") || MISSING],
    ["GPUs", describeGpus(gpus)],
    ["memory", formatMiBAsGiB(inventory.memoryTotalMiB)],
    ["Python", inventory.python ?? "not found"],
    ["deepspeed", inventory.deepspeed ?? "not found"],
    ["DeepSpeedExamples", inventory.examplesDirectory ?? "not found"],
  ] as const;
  return (
    <div role="status" className="rounded-lg border border-l-[3px] border-l-ok px-3.5 py-2.5">
      <p className="flex items-center gap-2 font-medium">
        <CircleCheck aria-hidden className="size-4 text-ok" />
        Logged in
      </p>
      <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-4">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="num break-all leading-5">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
