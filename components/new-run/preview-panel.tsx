"use client";

import { CircleAlert, CircleCheck, Download, Info, TriangleAlert } from "lucide-react";
import { ErrorNotice } from "@/components/errors/error-notice";
import type { ApiError } from "@/components/hooks/api-error";
import { STAGE_LOOK } from "@/components/status/stage-table";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Skeleton } from "@/components/ui/skeleton";
import { FieldValue } from "@/server/contracts/recipes";
import type { Finding, RunPreview } from "@/server/contracts/runs";

export interface PreviewPanelProps {
  preview: RunPreview | undefined;
  error: ApiError | null;
  onFix: (path: string, value: FieldValue) => void;
  onShow: (path: string) => void;
}

/** Beside the form: what is wrong or doubtful, and exactly what would run. */
export function PreviewPanel({ preview, error, onFix, onShow }: PreviewPanelProps) {
  if (preview === undefined) {
    return error && error.code !== "VALIDATION" ? (
      <ErrorNotice error={error} title="Could not check the parameters." />
    ) : (
      <Skeleton className="h-64" />
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <Findings findings={preview.findings} onFix={onFix} onShow={onShow} />
      <Card
        title="Commands"
        note="exactly what runs on the node"
        aside={
          <Button asChild size="sm">
            <a
              href={`data:text/x-shellscript;charset=utf-8,${encodeURIComponent(preview.script)}`}
              download="run.sh"
            >
              <Download /> Script
            </a>
          </Button>
        }
      >
        {preview.commands.map(({ stage, text }) => (
          <details key={stage} className="group border-line-faint border-t first-of-type:border-t-0">
            <summary
              className={`flex h-9 cursor-pointer items-center rounded font-medium ${STAGE_LOOK[stage].textClassName}`}
            >
              {STAGE_LOOK[stage].label}
            </summary>
            <div className="relative mb-2">
              <pre className="num max-h-80 overflow-auto whitespace-pre-wrap break-words rounded-md bg-fill p-2.5 pr-9 leading-[18px]">
                {text}
              </pre>
              <span className="absolute top-1 right-1">
                <CopyButton text={text} label={`Copy the command of ${STAGE_LOOK[stage].label}`} />
              </span>
            </div>
          </details>
        ))}
      </Card>
    </div>
  );
}

const SEVERITY = {
  error: { icon: CircleAlert, word: "error", className: "text-bad" },
  warning: { icon: TriangleAlert, word: "warning", className: "text-warn" },
  note: { icon: Info, word: "note", className: "text-muted" },
} as const satisfies Record<Finding["severity"], object>;

function Findings({
  findings,
  onFix,
  onShow,
}: Pick<PreviewPanelProps, "onFix" | "onShow"> & { findings: Finding[] }) {
  const errors = findings.filter((finding) => finding.severity === "error").length;
  return (
    <Card
      title="Before it starts"
      aside={errors === 0 ? "nothing stands against it" : `${errors} to correct`}
    >
      {findings.length === 0 ? (
        <p className="flex items-center gap-2 py-1">
          <CircleCheck aria-hidden className="size-4 text-ok" /> Nothing to say.
        </p>
      ) : (
        <ul className="flex flex-col">
          {findings.map((finding) => (
            <FindingRow
              key={`${finding.path}${finding.message}`}
              finding={finding}
              onFix={onFix}
              onShow={onShow}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}

function FindingRow({
  finding,
  onFix,
  onShow,
}: Pick<PreviewPanelProps, "onFix" | "onShow"> & { finding: Finding }) {
  const { icon: Icon, word, className } = SEVERITY[finding.severity];
  const { path, fix } = finding;
  const value = FieldValue.safeParse(fix?.value);
  return (
    <li className="flex gap-2 border-line-faint border-t py-2 first:border-t-0">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${className}`} />
      <div className="min-w-0 flex-1">
        <span className="sr-only">{word}: </span>
        {finding.message}
        <span className="mt-1 flex flex-wrap gap-1.5 empty:hidden">
          {fix && value.success && (
            <Button size="sm" onClick={() => onFix(fix.path, value.data)}>
              {fix.label}
            </Button>
          )}
          {path !== null && !fix && finding.severity === "error" && (
            <Button size="sm" onClick={() => onShow(path)}>
              Show the field
            </Button>
          )}
        </span>
      </div>
    </li>
  );
}
