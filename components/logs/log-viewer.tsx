"use client";

import { useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Skeleton } from "@/components/ui/skeleton";
import { LOG_LEVELS, type LogLevel } from "./log-level";
import { LogLines } from "./log-lines";
import { LogToolbar } from "./log-toolbar";
import { useLog } from "./use-log";
import { useLogSearch } from "./use-log-search";

export interface LogViewerProps {
  attemptId: string;
  /** The attempt still writes. */
  isActive: boolean;
}

/** The whole log, however long: its end first, the rest on demand; followed until somebody scrolls up. */
export function LogViewer({ attemptId, isActive }: LogViewerProps) {
  const [isFollowing, setFollowing] = useState(true);
  const [levelText, setLevel] = useUrlState("level", "all");
  const [query, setQuery] = useUrlState("q", "");
  const level = LOG_LEVELS.find((candidate) => candidate === levelText) ?? "all";
  const { reader, state } = useLog(attemptId, isFollowing);
  const search = useLogSearch(attemptId, query);
  const { buffer } = state;
  const target = search.current?.offset ?? null;

  async function goTo(step: number) {
    const match = search.move(step);
    if (!match) return;
    setFollowing(false);
    if (!buffer || match.offset < buffer.start() || match.offset >= buffer.end())
      await reader.openAt(match.offset);
  }

  function follow() {
    search.clear();
    setFollowing(true);
    void (buffer && buffer.end() < state.size ? reader.openTail() : reader.newer());
  }

  return (
    <section aria-label="Log" className="panel flex h-[calc(100dvh-180px)] min-h-96 flex-col overflow-hidden">
      <LogToolbar
        attemptId={attemptId}
        state={state}
        level={level}
        onLevelChange={(next: LogLevel) => setLevel(next)}
        query={query}
        onQueryChange={setQuery}
        search={search}
        onGoTo={(step) => void goTo(step)}
        isFollowing={isFollowing}
        isActive={isActive}
        onFollow={follow}
      />
      {state.error && (
        <div className="border-b p-3">
          <ErrorNotice
            error={state.error}
            title="Could not read the log."
            onRetry={() => void reader.newer()}
          />
        </div>
      )}
      <div className="min-h-0 flex-1">
        {state.phase === "loading" && <Skeleton className="m-3 h-[calc(100%-24px)]" />}
        {state.phase === "empty" && (
          <p className="p-4 text-muted">
            {isActive
              ? "Nothing has been written yet; it appears here as it is."
              : "This attempt wrote no log."}
          </p>
        )}
        {buffer && (
          <LogLines
            key={`${attemptId} ${state.generation}`}
            state={state}
            buffer={buffer}
            level={level}
            query={search.isOpen ? query : ""}
            target={target}
            isFollowing={isFollowing}
            onFollowingChange={(next) => setFollowing(next && buffer.end() >= state.size)}
            onNearStart={() => buffer.start() > 0 && void reader.older()}
            onNearEnd={() => buffer.end() < state.size && void reader.newer()}
          />
        )}
      </div>
    </section>
  );
}
