"use client";

import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import type { FieldControlProps } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

export interface ListInputProps extends FieldControlProps {
  label: string;
  values: readonly string[];
  /** Offered while typing; others may be typed. */
  known: readonly { name: string; note: string }[];
  onChange: (values: string[]) => void;
}

/** Several values as chips, with one box to add another: from the known ones or typed. */
export function ListInput({ label, values, known, onChange, ...control }: ListInputProps) {
  const [text, setText] = useState("");
  const listId = useId();
  function add() {
    const value = text.trim();
    if (value !== "" && !values.includes(value)) onChange([...values, value]);
    setText("");
  }
  return (
    <div className="flex flex-col gap-1.5">
      {values.length > 0 && (
        <ul aria-label={label} className="flex flex-wrap gap-1.5">
          {values.map((value) => (
            <li
              key={value}
              className="num inline-flex items-center gap-1 rounded-md bg-fill py-0.5 pr-0.5 pl-2"
            >
              {value}
              <Button
                variant="ghost"
                size="icon-sm"
                className="size-5"
                aria-label={`Remove ${value}`}
                onClick={() => onChange(values.filter((one) => one !== value))}
              >
                <X className="size-3" />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex gap-1.5">
        <Input
          {...control}
          isMono
          list={listId}
          value={text}
          placeholder="add a name"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
        <Button size="icon" aria-label={`Add to ${label}`} disabled={text.trim() === ""} onClick={add}>
          <Plus />
        </Button>
      </div>
      <datalist id={listId}>
        {known
          .filter(({ name }) => !values.includes(name))
          .map(({ name, note }) => (
            <option key={name} value={name}>
              {note}
            </option>
          ))}
      </datalist>
    </div>
  );
}
