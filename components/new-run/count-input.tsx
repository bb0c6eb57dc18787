"use client";

import { Minus, Plus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

export interface CountInputProps {
  label: string;
  value: number;
  max: number;
  isInvalid: boolean;
  onChange: (value: number) => void;
}

/** A small whole number from 1, typed or stepped. */
export function CountInput({ label, value, max, isInvalid, onChange }: CountInputProps) {
  const set = (next: number) => onChange(Math.min(max, Math.max(1, Math.round(next) || 1)));
  return (
    <span className="inline-flex items-center gap-1">
      <Button
        size="icon-sm"
        aria-label={`${label}: one less`}
        disabled={value <= 1}
        onClick={() => set(value - 1)}
      >
        <Minus />
      </Button>
      <Input
        isMono
        inputMode="numeric"
        aria-label={label}
        aria-invalid={isInvalid || undefined}
        className="w-12 text-center"
        value={value}
        onFocus={(event) => event.target.select()}
        onChange={(event) => set(Number(event.target.value))}
      />
      <Button
        size="icon-sm"
        aria-label={`${label}: one more`}
        disabled={value >= max}
        onClick={() => set(value + 1)}
      >
        <Plus />
      </Button>
    </span>
  );
}
