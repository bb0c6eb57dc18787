"use client";

import { useResource } from "@/components/hooks/use-resource";
import { STATUS_LOOK } from "@/components/status/status-table";
import { SearchInput } from "@/components/ui/search-input";
import { Select } from "@/components/ui/select";
import type { NodeView } from "@/server/contracts/nodes";
import type { Page } from "@/server/contracts/primitives";
import type { RunOrder } from "@/server/contracts/runs";
import { STATUSES } from "@/server/contracts/statuses";

export interface RunFilter {
  status: string;
  node: string;
  q: string;
  sort: string;
}

export interface RunFiltersProps {
  filter: RunFilter;
  onChange: (changes: Partial<RunFilter>) => void;
}

const STATES = [
  { value: "", label: "Any status" },
  { value: "active", label: "At work" },
  { value: "ended", label: "Ended" },
  ...STATUSES.map((status) => ({ value: status as string, label: STATUS_LOOK[status].label })),
];

const ORDER_LABEL = {
  newest: "Newest first",
  oldest: "Oldest first",
  name: "By name",
} as const satisfies Record<RunOrder, string>;
const ORDERS = Object.entries(ORDER_LABEL).map(([value, label]) => ({ value, label }));

/** What the list shows and in which order; it lives in the address. */
export function RunFilters({ filter, onChange }: RunFiltersProps) {
  const nodes = useResource<Page<NodeView>>("/nodes?limit=200");
  const nodeOptions = [
    { value: "", label: "Any node" },
    ...(nodes.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <search className="mb-3 grid grid-cols-2 gap-2 sm:flex sm:flex-wrap sm:items-center">
      <SearchInput
        wrapperClassName="max-sm:col-span-2"
        aria-label="Search by name"
        placeholder="Search by name"
        className="sm:w-64"
        value={filter.q}
        onChange={(event) => onChange({ q: event.target.value })}
      />
      <Select
        aria-label="Status"
        className="sm:w-36"
        options={STATES}
        value={filter.status}
        onValueChange={(status) => onChange({ status })}
      />
      <Select
        aria-label="Node"
        className="sm:w-44"
        options={nodeOptions}
        value={filter.node}
        onValueChange={(node) => onChange({ node })}
      />
      <Select
        aria-label="Order"
        className="max-sm:col-span-2 sm:ml-auto sm:w-36"
        options={ORDERS}
        value={filter.sort}
        onValueChange={(sort) => onChange({ sort })}
      />
    </search>
  );
}
