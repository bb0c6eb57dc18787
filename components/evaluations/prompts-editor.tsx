"use client";

import { ClipboardPaste, Plus, RotateCcw, X } from "lucide-react";
import dynamic from "next/dynamic";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { DEFAULT_PROMPTS } from "@/server/contracts/evaluations";
import { toChatPrompt } from "./prompt-text";

const AddPromptsDialog = dynamic(() =>
  import("./add-prompts-dialog").then((module) => module.AddPromptsDialog),
);

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
  const [isPasting, setPasting] = useState(false);
  return (
    <fieldset className="flex min-w-0 flex-col gap-1">
      <legend className="mb-1 font-medium text-sm">
        Prompts <span className="num text-muted">{prompts.length}</span>
      </legend>
      {prompts.map((prompt, index) => (
        <PromptInput
          // biome-ignore lint/suspicious/noArrayIndexKey: prompts have no identity but their place
          key={index}
          number={index + 1}
          prompt={prompt}
          problem={problemOf(index)}
          isOnly={prompts.length === 1}
          onChange={(text) => onChange(prompts.map((one, at) => (at === index ? text : one)))}
          onRemove={() => onChange(prompts.filter((_, at) => at !== index))}
        />
      ))}
      {problem !== null && <FieldError>{problem}</FieldError>}
      <div className="flex flex-wrap gap-1.5 pl-[30px]">
        <Button size="sm" onClick={() => onChange([...prompts, toChatPrompt("")])}>
          <Plus /> Add a prompt
        </Button>
        <Button size="sm" onClick={() => setPasting(true)}>
          <ClipboardPaste /> Paste many
        </Button>
        {isPasting && (
          <AddPromptsDialog
            count={prompts.length}
            onAdd={(added) => onChange([...prompts, ...added])}
            onReplace={onChange}
            onClose={() => setPasting(false)}
          />
        )}
        {!areDefaults && (
          <Button size="sm" onClick={() => onChange([...DEFAULT_PROMPTS])}>
            <RotateCcw /> Use the six default prompts
          </Button>
        )}
      </div>
    </fieldset>
  );
}

interface PromptInputProps {
  number: number;
  prompt: string;
  problem: string | null;
  isOnly: boolean;
  onChange: (text: string) => void;
  onRemove: () => void;
}

function PromptInput({ number, prompt, problem, isOnly, onChange, onRemove }: PromptInputProps) {
  const noteId = useId();
  return (
    <div className="flex items-start gap-1.5">
      <span aria-hidden className="num w-6 shrink-0 pt-1.5 text-right text-muted">
        {number}
      </span>
      <div className="min-w-0 flex-1">
        <Textarea
          aria-label={`Prompt ${number}`}
          aria-invalid={problem !== null || undefined}
          aria-describedby={problem === null ? undefined : noteId}
          rows={1}
          className="field-sizing-content max-h-60 min-h-8!"
          value={prompt}
          onChange={(event) => onChange(event.target.value)}
        />
        {problem !== null && (
          <div id={noteId} role="alert" className="pb-1 text-xs">
            <FieldError>{problem}</FieldError>
          </div>
        )}
      </div>
      <Button
        variant="ghost"
        size="icon"
        aria-label={`Remove prompt ${number}`}
        disabled={isOnly}
        onClick={onRemove}
      >
        <X />
      </Button>
    </div>
  );
}
