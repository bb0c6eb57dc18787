"use client";

import { Plus, RotateCcw, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { DEFAULT_PROMPTS } from "@/server/contracts/evaluations";
import { AddPromptsDialog } from "./add-prompts-dialog";
import { toChatPrompt } from "./prompt-text";

export interface PromptsEditorProps {
  prompts: readonly string[];
  /** By place; null asks about the list itself. */
  problemOf: (index: number | null) => string | null;
  onChange: (prompts: string[]) => void;
}

/** Prompts as the models get them: a default set, one's own, many at once. */
export function PromptsEditor({ prompts, problemOf, onChange }: PromptsEditorProps) {
  const areDefaults = prompts.join("\n") === DEFAULT_PROMPTS.join("\n");
  const problem = problemOf(null);
  return (
    <fieldset className="flex min-w-0 flex-col gap-1">
      <legend className="mb-1 font-medium text-sm">
        Prompts <span className="num text-muted">{prompts.length}</span>
      </legend>
      {prompts.map((prompt, index) => (
        <Field
          // biome-ignore lint/suspicious/noArrayIndexKey: prompts have no identity but their place
          key={index}
          label={<span className="sr-only">Prompt {index + 1}</span>}
          error={problemOf(index)}
        >
          {(control) => (
            <span className="flex items-start gap-1.5">
              <span aria-hidden className="num w-6 shrink-0 pt-1.5 text-right text-muted">
                {index + 1}
              </span>
              <Textarea
                {...control}
                rows={1}
                className="field-sizing-content max-h-60 min-h-8!"
                value={prompt}
                onChange={(event) =>
                  onChange(prompts.map((one, at) => (at === index ? event.target.value : one)))
                }
              />
              <Button
                variant="ghost"
                size="icon"
                aria-label={`Remove prompt ${index + 1}`}
                disabled={prompts.length === 1}
                onClick={() => onChange(prompts.filter((_, at) => at !== index))}
              >
                <X />
              </Button>
            </span>
          )}
        </Field>
      ))}
      {problem !== null && <FieldError>{problem}</FieldError>}
      <div className="flex flex-wrap gap-1.5 pl-[30px]">
        <Button size="sm" onClick={() => onChange([...prompts, toChatPrompt("")])}>
          <Plus /> Add a prompt
        </Button>
        <AddPromptsDialog
          count={prompts.length}
          onAdd={(added) => onChange([...prompts, ...added])}
          onReplace={onChange}
        />
        {!areDefaults && (
          <Button size="sm" onClick={() => onChange([...DEFAULT_PROMPTS])}>
            <RotateCcw /> Use the six default prompts
          </Button>
        )}
      </div>
    </fieldset>
  );
}
