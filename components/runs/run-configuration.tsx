"use client";

import { Download } from "lucide-react";
import { apiUrl } from "@/components/hooks/api";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import type { FieldValue } from "@/server/contracts/recipes";
import type { AttemptView, RunView } from "@/server/contracts/runs";
import type { StageKind } from "@/server/contracts/statuses";
import { commandText } from "./command-text";

export interface RunConfigurationProps {
  run: RunView;
  kind: StageKind;
  attempt: AttemptView | null;
}

/** What this stage was started with: the exact command, its fields, its places. */
export function RunConfiguration({ run, kind, attempt }: RunConfigurationProps) {
  const parameters = run.parameters.stages[kind];
  const text = attempt?.command ? commandText(attempt.command) : null;
  return (
    <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_400px]">
      <Card
        title="Command"
        note="exactly what runs on the node"
        aside={
          <span className="flex items-center gap-1">
            <Button asChild size="sm">
              <a href={apiUrl(`/runs/${run.id}/script`)} download>
                <Download /> Whole run as a script
              </a>
            </Button>
            {text !== null && <CopyButton text={text} label="Copy the command" />}
          </span>
        }
      >
        {text === null ? (
          <p className="py-2 text-muted">
            It is written when the stage starts, since it names the GPUs and the port that it gets.
          </p>
        ) : (
          <pre className="num whitespace-pre-wrap break-words rounded-md bg-fill p-3 leading-[18px]">
            {text}
          </pre>
        )}
      </Card>
      <div className="flex flex-col gap-3">
        <Places attempt={attempt} />
        <Card title="Fields" note="that differ from the program's own defaults, or were set">
          <Values values={parameters.fields} />
        </Card>
        {Object.keys(parameters.env).length > 0 && (
          <Card title="Environment">
            <Values values={parameters.env} />
          </Card>
        )}
      </div>
    </div>
  );
}

function Places({ attempt }: { attempt: AttemptView | null }) {
  if (attempt === null) return null;
  return (
    <Card title="Places" note="on the node">
      <Values
        isStacked
        values={{
          attempt: attempt.directory,
          output: attempt.outputDirectory,
          ...Object.fromEntries(
            attempt.gpuUuids.map((uuid, index) => [`GPU ${index + 1} of ${attempt.gpuUuids.length}`, uuid]),
          ),
        }}
      />
    </Card>
  );
}

interface ValuesProps {
  values: Readonly<Record<string, FieldValue>>;
  /** Long values, each under its name. */
  isStacked?: boolean;
}

function Values({ values, isStacked = false }: ValuesProps) {
  const entries = Object.entries(values);
  if (entries.length === 0) return <p className="py-1 text-muted">None: every field has its default.</p>;
  return (
    <dl className="divide-y divide-line-faint">
      {entries.map(([name, value]) => (
        <div key={name} className={cn("py-1", !isStacked && "flex justify-between gap-4")}>
          <dt className="num text-muted">{name}</dt>
          <dd className={cn("num [overflow-wrap:anywhere]", !isStacked && "text-right")}>
            {valueText(value)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function valueText(value: FieldValue): string {
  if (value === null) return "—";
  return Array.isArray(value) ? value.join(" ") : String(value);
}
