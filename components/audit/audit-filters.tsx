"use client";

import { Input } from "@/components/ui/input";
import { SearchInput } from "@/components/ui/search-input";
import { Select } from "@/components/ui/select";

export interface AuditFilter {
  actor: string;
  action: string;
  object: string;
  /** 2026-01-31; "" for any. */
  day: string;
}

/** What an action begins with. */
const ACTIONS = [
  { value: "", label: "Any action" },
  { value: "run.", label: "Runs" },
  { value: "evaluation.", label: "Evaluations" },
  { value: "node.", label: "Nodes" },
  { value: "data_set.", label: "Data sets" },
  { value: "token.", label: "API tokens" },
];

export function AuditFilters({
  filter,
  onChange,
}: {
  filter: AuditFilter;
  onChange: (changes: Partial<AuditFilter>) => void;
}) {
  return (
    <search className="mb-3 grid grid-cols-2 gap-2 sm:flex sm:flex-wrap sm:items-center">
      <SearchInput
        wrapperClassName="max-sm:col-span-2"
        aria-label="Who"
        placeholder="Who"
        className="max-sm:w-full sm:w-52"
        value={filter.actor}
        onChange={(event) => onChange({ actor: event.target.value })}
      />
      <Input
        type="search"
        aria-label="Object: its kind or id"
        placeholder="Object: its kind or id"
        className="max-sm:col-span-2 sm:w-64"
        value={filter.object}
        onChange={(event) => onChange({ object: event.target.value })}
      />
      <Select
        aria-label="Action"
        className="sm:w-36"
        options={ACTIONS}
        value={filter.action}
        onValueChange={(action) => onChange({ action })}
      />
      <Input
        type="date"
        aria-label="Day"
        className="sm:w-36"
        value={filter.day}
        onChange={(event) => onChange({ day: event.target.value })}
      />
    </search>
  );
}
