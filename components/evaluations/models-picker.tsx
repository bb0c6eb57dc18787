"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { ErrorNotice } from "@/components/errors/error-notice";
import type { ApiError } from "@/components/hooks/api-error";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { FieldError } from "@/components/ui/field";
import { Skeleton } from "@/components/ui/skeleton";
import { MODEL_KEYS, type ModelKey, type RunModels } from "@/server/contracts/evaluations";
import { MODEL_LOOK } from "./model-table";

export interface ModelsPickerProps {
  resource: UseQueryResult<RunModels, ApiError>;
  chosen: readonly ModelKey[];
  problemOf: (path: string) => string | null;
  onChange: (key: ModelKey, isOn: boolean) => void;
}

/** Every model that a run could have; what it has not made says why. */
export function ModelsPicker({ resource, chosen, problemOf, onChange }: ModelsPickerProps) {
  const { data, error, refetch } = resource;
  const problem = problemOf("models");
  return (
    <fieldset className="flex min-w-0 flex-col gap-1">
      <legend className="mb-1 font-medium text-sm">Models</legend>
      {!data && error && (
        <ErrorNotice error={error} title="Could not load the run's models." onRetry={() => void refetch()} />
      )}
      {!data && !error && MODEL_KEYS.map((key) => <Skeleton key={key} className="my-0.5 h-10" />)}
      {data?.models.map(({ key, label, path, problem: missing }) => {
        const refused = problemOf(`models.${chosen.indexOf(key)}`);
        return (
          <div
            key={key}
            className="panel flex min-h-11 items-center gap-2.5 border-l-[3px] px-3 py-1.5"
            style={{ borderLeftColor: missing === null ? MODEL_LOOK[key].color : "var(--line)" }}
          >
            <Checkbox
              id={`model-${key}`}
              checked={chosen.includes(key)}
              disabled={missing !== null}
              aria-describedby={`model-${key}-note`}
              aria-invalid={problem !== null || refused !== null || undefined}
              onCheckedChange={(checked) => onChange(key, checked === true)}
            />
            <label htmlFor={`model-${key}`} className={cn("shrink-0", missing !== null && "text-muted")}>
              {label}
            </label>
            <span
              id={`model-${key}-note`}
              className={cn("min-w-0 truncate text-muted", missing === null && "num")}
              title={path ?? undefined}
            >
              {missing ?? path}
            </span>
            {refused !== null && <FieldError>{refused}</FieldError>}
          </div>
        );
      })}
      {problem !== null && (
        <span role="alert" className="text-xs">
          <FieldError>{problem}</FieldError>
        </span>
      )}
    </fieldset>
  );
}
