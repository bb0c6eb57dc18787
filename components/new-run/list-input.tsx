"use client";

import { Check, Plus, X } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import type { FieldControlProps } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

export interface ListInputProps extends FieldControlProps {
  label: string;
  values: readonly string[];
  /** Offered while typing; others may be typed. */
  known: readonly { name: string; note: string }[];
  onChange: (values: string[]) => void;
}

/** Several values as chips, and a box to add more: the known ones are listed and ticked, others are typed. */
export function ListInput({ label, values, known, onChange, ...control }: ListInputProps) {
  const [text, setText] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const listId = useId();
  const shown = known.filter(({ name, note }) => matches(`${name} ${note}`, text));
  const isListed = isOpen && shown.length > 0;

  const remove = (value: string) => onChange(values.filter((one) => one !== value));
  function add(value: string) {
    const name = value.trim();
    if (name !== "" && !values.includes(name)) onChange([...values, name]);
    setText("");
  }
  const toggle = (name: string) => (values.includes(name) ? remove(name) : add(name));
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    const last = values.at(-1);
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const option = isListed ? shown[active] : undefined;
      if (option) toggle(option.name);
      else add(text);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      setActive((now) => step(now, event.key === "ArrowDown" ? 1 : -1, shown.length));
    } else if (event.key === "Escape" && isListed) {
      event.stopPropagation();
      setOpen(false);
    } else if (event.key === "Backspace" && text === "" && last !== undefined) {
      onChange(values.slice(0, -1));
    }
  }

  return (
    <div className="relative flex flex-col gap-1.5">
      <Chips label={label} values={values} onRemove={remove} />
      <div className="flex gap-1.5">
        <Input
          {...control}
          {...(known.length > 0 && {
            role: "combobox",
            "aria-expanded": isListed,
            "aria-controls": listId,
            "aria-autocomplete": "list",
            "aria-activedescendant": isListed && active >= 0 ? `${listId}-${active}` : undefined,
          })}
          isMono
          value={text}
          placeholder={
            known.length > 0 ? "choose or type a name, Enter adds it" : "type a name, Enter adds it"
          }
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onFocus={() => setOpen(true)}
          // Options keep the focus here when they are pressed.
          onBlur={() => setOpen(false)}
          onClick={() => setOpen(true)}
          onChange={(event) => {
            setText(event.target.value);
            setOpen(true);
            setActive(-1);
          }}
          onKeyDown={onKeyDown}
        />
        <Button
          size="icon"
          aria-label={`Add to ${label}`}
          disabled={text.trim() === ""}
          onClick={() => add(text)}
        >
          <Plus />
        </Button>
      </div>
      {isListed && (
        <Options
          id={listId}
          label={label}
          options={shown}
          values={values}
          active={active}
          onToggle={toggle}
        />
      )}
    </div>
  );
}

function matches(words: string, text: string): boolean {
  return words.toLowerCase().includes(text.trim().toLowerCase());
}

function step(now: number, by: number, count: number): number {
  return count === 0 ? -1 : (now + by + count) % count;
}

interface ChipsProps {
  label: string;
  values: readonly string[];
  onRemove: (value: string) => void;
}

function Chips({ label, values, onRemove }: ChipsProps) {
  if (values.length === 0) return null;
  return (
    <ul aria-label={label} className="flex flex-wrap gap-1.5">
      {values.map((value) => (
        <li
          key={value}
          className="num inline-flex min-w-0 items-center gap-1 rounded-md bg-fill py-0.5 pr-0.5 pl-2"
        >
          <span className="min-w-0 break-all">{value}</span>
          <Button
            variant="ghost"
            size="icon-sm"
            className="size-5 pointer-coarse:size-8"
            aria-label={`Remove ${value}`}
            onClick={() => onRemove(value)}
          >
            <X className="size-3" />
          </Button>
        </li>
      ))}
    </ul>
  );
}

interface OptionsProps {
  id: string;
  label: string;
  options: ListInputProps["known"];
  values: readonly string[];
  active: number;
  onToggle: (name: string) => void;
}

function Options({ id, label, options, values, active, onToggle }: OptionsProps) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label={`Known ${label.toLowerCase()}`}
      aria-multiselectable
      className="panel absolute inset-x-0 top-full z-10 mt-1 max-h-72 overflow-y-auto py-1"
    >
      {options.map(({ name, note }, index) => {
        const isChosen = values.includes(name);
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox moves through its options and takes the keys
          <div
            key={name}
            id={`${id}-${index}`}
            ref={(element) => {
              if (index === active) element?.scrollIntoView({ block: "nearest" });
            }}
            role="option"
            tabIndex={-1}
            aria-selected={isChosen}
            className={cn(
              "flex cursor-pointer gap-2 px-2.5 py-1 hover:bg-fill",
              index === active && "bg-fill",
            )}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onToggle(name)}
          >
            <Check aria-hidden className={cn("mt-0.5 size-4 shrink-0", !isChosen && "invisible")} />
            <span className="min-w-0 flex-1 sm:flex sm:gap-3">
              <span className="num block shrink-0 break-all leading-5">{name}</span>
              <span className="block min-w-0 text-muted text-xs leading-5">{note}</span>
            </span>
          </div>
        );
      })}
    </div>
  );
}
