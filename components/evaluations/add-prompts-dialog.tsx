"use client";

import { type ChangeEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { parsePrompts } from "./parse-prompts";
import { questionOf } from "./prompt-text";

export interface AddPromptsDialogProps {
  /** How many prompts there are already. */
  count: number;
  onAdd: (prompts: string[]) => void;
  onReplace: (prompts: string[]) => void;
  onClose: () => void;
}

/** Many prompts are pasted or read from a file. */
export function AddPromptsDialog(props: AddPromptsDialogProps) {
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Content {...props} />
    </Dialog>
  );
}

function Content({ count, onAdd, onReplace, onClose }: AddPromptsDialogProps) {
  const [text, setText] = useState("");
  const [areParagraphs, setParagraphs] = useState(false);
  const [isWrapped, setWrapped] = useState(true);
  const prompts = parsePrompts(text, { areParagraphs, isWrapped });
  const found = prompts.length === 1 ? "1 prompt" : `${prompts.length} prompts`;
  const finish = (act: (prompts: string[]) => void) => {
    act(prompts);
    onClose();
  };
  return (
    <DialogContent
      title="Paste many prompts"
      description="One a line, or a JSON array, or JSON lines: strings, or objects with a prompt."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button disabled={prompts.length === 0} onClick={() => finish(onReplace)}>
            Replace the {count}
          </Button>
          <Button variant="primary" disabled={prompts.length === 0} onClick={() => finish(onAdd)}>
            Add {found}
          </Button>
        </>
      }
    >
      <Field
        label="Prompts"
        help={
          prompts[0] === undefined
            ? "Nothing found yet."
            : `${found}. The first: ${questionOf(prompts[0]).slice(0, 120)}`
        }
      >
        {(control) => (
          <Textarea
            {...control}
            autoFocus
            rows={10}
            placeholder={"How does a telescope work?\nWhy do birds migrate south for the winter?"}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div className="mt-2 flex flex-col gap-2">
        <Choice id="prompts-wrapped" isOn={isWrapped} onChange={setWrapped}>
          Put <code className="num">Human: … Assistant:</code> around plain questions, as the models were
          trained
        </Choice>
        <Choice id="prompts-paragraphs" isOn={areParagraphs} onChange={setParagraphs}>
          A prompt has several lines; an empty line ends it
        </Choice>
        <label className="w-fit rounded text-muted underline underline-offset-2 hover:text-fg has-focus-visible:outline-2 has-focus-visible:outline-fg">
          Read them from a file
          <input
            type="file"
            className="sr-only"
            accept=".txt,.md,.json,.jsonl,.csv,text/plain,application/json"
            onChange={(event) => void readFile(event).then(setText)}
          />
        </label>
      </div>
    </DialogContent>
  );
}

interface ChoiceProps {
  id: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  children: React.ReactNode;
}

function Choice({ id, isOn, onChange, children }: ChoiceProps) {
  return (
    <div className="flex items-center gap-2">
      <Checkbox id={id} checked={isOn} onCheckedChange={(checked) => onChange(checked === true)} />
      <label htmlFor={id}>{children}</label>
    </div>
  );
}

async function readFile(event: ChangeEvent<HTMLInputElement>): Promise<string> {
  return (await event.target.files?.[0]?.text()) ?? "";
}
