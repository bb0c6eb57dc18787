import { formatBytes } from "@/components/format/format-size";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import type { DataSetVersionView } from "@/server/contracts/data-sets";

/** Where it came from, and what names it in a run. */
export function VersionCard({ version }: { version: DataSetVersionView }) {
  const { columns, reference, fileName, fileBytes, evalPercent, seed, createdBy, createdAt } = version;
  const prompt = columns.prompt ?? "the beginning of the chosen conversation";
  const facts: [string, string][] = [
    ["File", `${fileName}, ${formatBytes(fileBytes)}`],
    ["Prompt", columns.context === null ? prompt : `${prompt}, then ${columns.context}`],
    ["Chosen", columns.chosen],
    ["Rejected", columns.rejected ?? "none"],
    ["Split", `${evalPercent} % for evaluation, seed ${seed}`],
    ["Uploaded", `by ${createdBy}, ${createdAt.slice(0, 16).replace("T", " ")} UTC`],
    ["Content", version.contentHash],
  ];
  return (
    <Card title={`Version ${version.number}`}>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="num break-all">{value}</dd>
          </div>
        ))}
        <dt className="text-muted">In a run</dt>
        <dd className="num flex items-center gap-1 break-all">
          {reference} <CopyButton text={reference} label="Copy its name in a run" />
        </dd>
      </dl>
    </Card>
  );
}
