"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button";

export interface CopyButtonProps {
  text: string;
  /** Accessible name, "Copy the command" say. */
  label: string;
}

export function CopyButton({ text, label }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  // The timer is the external system: the tick mark goes away by itself.
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-label={isCopied ? "Copied" : label}
      title={label}
      onClick={() => void copyText(text).then(setCopied)}
    >
      {isCopied ? <Check className="text-ok" /> : <Copy />}
    </Button>
  );
}

/** Plain HTTP pages have no navigator.clipboard, so a hidden field is the way there. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  return isDone;
}
