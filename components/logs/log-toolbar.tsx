"use client";

import { ArrowDownToLine, ChevronDown, ChevronUp, Download, Search } from "lucide-react";
import { formatCount } from "@/components/format/format-number";
import { formatBytes } from "@/components/format/format-size";
import { apiUrl } from "@/components/hooks/api";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import type { LogLevel } from "./log-level";
import type { LogState } from "./log-reader";
import type { LogSearch } from "./use-log-search";

export interface LogToolbarProps {
  attemptId: string;
  state: LogState;
  level: LogLevel;
  onLevelChange: (level: LogLevel) => void;
  query: string;
  onQueryChange: (query: string) => void;
  search: LogSearch;
  onGoTo: (step: number) => void;
  isFollowing: boolean;
  isActive: boolean;
  onFollow: () => void;
}

const LEVELS = [
  { value: "all", label: "all" },
  { value: "warning", label: "warnings" },
  { value: "error", label: "errors" },
] as const;

export function LogToolbar(props: LogToolbarProps) {
  const { attemptId, state, level, query, search, onGoTo, isFollowing, isActive } = props;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b px-3 py-2">
      <form
        aria-label="Search the log"
        className="flex items-center gap-1"
        onSubmit={(event) => {
          event.preventDefault();
          onGoTo(1);
        }}
      >
        <span className="relative">
          <Search aria-hidden className="absolute top-2 left-2 size-4 text-muted" />
          <Input
            aria-label="Search the log"
            placeholder="Search"
            type="search"
            value={query}
            className="w-48 pl-8"
            onChange={(event) => props.onQueryChange(event.target.value)}
          />
        </span>
        <Button type="submit" variant="ghost" size="icon-sm" aria-label="Next match" disabled={!search.count}>
          <ChevronDown />
        </Button>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Match before"
          disabled={!search.count}
          onClick={() => onGoTo(-1)}
        >
          <ChevronUp />
        </Button>
        <span role="status" className="num min-w-[9ch] text-muted">
          {searchText(search)}
        </span>
      </form>
      <Segmented label="Lines shown" options={LEVELS} value={level} onValueChange={props.onLevelChange} />
      <span className="num ml-auto text-muted" title={`${formatCount(state.size)} bytes`}>
        {formatBytes(state.size)}
        {state.isComplete && " · complete"}
      </span>
      <Button size="sm" aria-pressed={isFollowing} onClick={props.onFollow} disabled={isFollowing}>
        <ArrowDownToLine /> {isFollowing ? (isActive ? "following" : "at the end") : "To the end"}
      </Button>
      <Button asChild size="sm">
        <a href={apiUrl(`/attempts/${attemptId}/log?download=1`)} download>
          <Download /> Download
        </a>
      </Button>
    </div>
  );
}

function searchText({ isOpen, isSearching, count, isTruncated, position }: LogSearch): string {
  if (!isOpen) return "";
  if (count === null) return isSearching ? "searching" : "";
  if (count === 0) return "no match";
  return `${position < 0 ? "" : `${position + 1} of `}${formatCount(count)}${isTruncated ? "+" : ""}`;
}
