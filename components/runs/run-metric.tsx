import { SparkLine } from "@/components/charts/spark-line";
import { tagLook } from "@/components/charts/tag-table";
import { formatScalar, formatSigned } from "@/components/format/format-number";
import { STAGE_LOOK } from "@/components/status/stage-table";
import type { RunSummary } from "@/server/contracts/runs";
import { speakingStage } from "./prepare-run-row";

/** The one figure that tells how the run goes, with its course. */
export function RunMetric({ run }: { run: RunSummary }) {
  const stage = speakingStage(run.stages);
  if (!stage?.headline) return null;
  const { headline } = stage;
  const look = tagLook(headline.tag);
  const last = look.isSigned ? formatSigned(headline.last) : formatScalar(headline.last);
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap">
      <SparkLine
        values={headline.spark}
        color={STAGE_LOOK[stage.kind].color}
        label={`Course of ${look.label}`}
      />
      {look.label}
      <span className="num">{last}</span>
    </span>
  );
}
