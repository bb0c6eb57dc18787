"use client";

import { ArrowDownToLine, ArrowUpToLine, ChevronDown, ChevronUp, Download, Pause } from "lucide-react";
import type { RefObject } from "react";
import { formatCount } from "@/components/format/format-number";
import { formatBytes } from "@/components/format/format-size";
import { apiUrl, queryString } from "@/components/hooks/api";
import { Button } from "@/components/ui/button";
import { SearchInput } from "@/components/ui/search-input";
import { Segmented } from "@/components/ui/segmented";
import type { LogLevel } from "./log-level";
import type { LogState } from "./log-reader";
import type { LogSearch } from "./use-log-search";

export interface LogToolbarProps {
  attemptId: string;
  /** null: the newest. */
  generation: number | null;
  state: LogState;
  level: LogLevel;
  onLevelChange: (level: LogLevel) => void;
  query: string;
  onQueryChange: (query: string) => void;
  search: LogSearch;
  searchRef: RefObject<HTMLInputElement | null>;
  onGoTo: (step: number) => void;
  onStart: () => void;
  isFollowing: boolean;
  isActive: boolean;
  onFollowingChange: (isFollowing: boolean) => void;
}

const LEVELS = [
  { value: "all", label: "all" },
  { value: "warning", label: "warnings" },
  { value: "error", label: "errors" },
] as const;

export function LogToolbar(props: LogToolbarProps) {
  const { attemptId, generation, state, level, isFollowing, isActive } = props;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b px-3 py-2">
      <SearchBox {...props} />
      <Segmented label="Lines shown" options={LEVELS} value={level} onValueChange={props.onLevelChange} />
      <span className="num ml-auto whitespace-nowrap text-muted" title={`${formatCount(state.size)} bytes`}>
        {formatBytes(state.size)}
        {state.isComplete && " · complete"}
      </span>
      <span className="flex items-center gap-1">
        <Button
          size="icon-sm"
          aria-label="To the beginning"
          title="To the beginning (g)"
          onClick={props.onStart}
        >
          <ArrowUpToLine />
        </Button>
        <Button
          size="sm"
          aria-pressed={isFollowing}
          title={isFollowing ? "Stop following" : "To the end (G)"}
          onClick={() => props.onFollowingChange(!isFollowing)}
        >
          {isFollowing && isActive ? <Pause /> : <ArrowDownToLine />}
          {followText(isFollowing, isActive)}
        </Button>
        <Button asChild size="sm">
          <a href={apiUrl(`/attempts/${attemptId}/log${queryString({ download: 1, generation })}`)} download>
            <Download /> Download
          </a>
        </Button>
      </span>
    </div>
  );
}

function SearchBox({ query, onQueryChange, search, searchRef, onGoTo }: LogToolbarProps) {
  return (
    <form
      aria-label="Search the log"
      className="flex flex-wrap items-center gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        onGoTo(1);
      }}
    >
      <SearchInput
        ref={searchRef}
        aria-label="Search the log"
        placeholder="Search  /"
        value={query}
        className="w-48"
        onChange={(event) => onQueryChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onQueryChange("");
          if (event.key !== "Enter" || !event.shiftKey) return;
          event.preventDefault();
          onGoTo(-1);
        }}
      />
      <Button
        type="submit"
        variant="ghost"
        size="icon-sm"
        aria-label="Next match"
        title="Next match (Enter, n)"
        disabled={!search.count}
      >
        <ChevronDown />
      </Button>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label="Match before"
        title="Match before (Shift+Enter, N)"
        disabled={!search.count}
        onClick={() => onGoTo(-1)}
      >
        <ChevronUp />
      </Button>
      <span role="status" className="num min-w-[9ch] text-muted">
        {searchText(search)}
      </span>
    </form>
  );
}

function followText(isFollowing: boolean, isActive: boolean): string {
  if (!isFollowing) return "To the end";
  return isActive ? "Following" : "At the end";
}

function searchText({ isOpen, isSearching, count, isTruncated, position }: LogSearch): string {
  if (!isOpen) return "";
  if (count === null) return isSearching ? "searching" : "";
  if (count === 0) return "no match";
  return `${position < 0 ? "" : `${position + 1} of `}${formatCount(count)}${isTruncated ? "+" : ""}`;
}
