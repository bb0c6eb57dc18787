"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Skeleton } from "@/components/ui/skeleton";
import { LOG_LEVELS, type LogLevel } from "./log-level";
import { LogLines } from "./log-lines";
import { LogToolbar } from "./log-toolbar";
import { useLog } from "./use-log";
import { useLogKeys } from "./use-log-keys";
import { useLogSearch } from "./use-log-search";

const WholeLineDialog = dynamic(() => import("./whole-line-dialog").then((module) => module.WholeLineDialog));

export interface LogViewerProps {
  attemptId: string;
  /** The attempt still writes. */
  isActive: boolean;
}

/** The whole log, however long: its end first, the rest on demand; followed until somebody scrolls up. */
export function LogViewer({ attemptId, isActive }: LogViewerProps) {
  const [isFollowing, setFollowing] = useState(true);
  const [wholeLine, setWholeLine] = useState<number | null>(null);
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
    void (buffer && buffer.end() < state.size ? reader.openTail() : reader.follow());
  }

  async function toStart() {
    search.clear();
    setFollowing(false);
    await reader.openAt(0);
  }

  const keys = useLogKeys({
    onGoTo: (step) => void goTo(step),
    onStart: () => void toStart(),
    onEnd: follow,
  });
  return (
    <section
      aria-label="Log"
      onKeyDown={keys.onKeyDown}
      className="panel flex h-[calc(100dvh-180px)] min-h-96 flex-col overflow-hidden"
    >
      <LogToolbar
        attemptId={attemptId}
        state={state}
        level={level}
        onLevelChange={(next: LogLevel) => setLevel(next)}
        query={query}
        onQueryChange={setQuery}
        search={search}
        searchRef={keys.searchRef}
        onStart={() => void toStart()}
        onGoTo={(step) => void goTo(step)}
        isFollowing={isFollowing}
        isActive={isActive}
        onFollowingChange={(next) => (next ? follow() : setFollowing(false))}
      />
      {state.error && (
        <div className="border-b p-3">
          <ErrorNotice
            error={state.error}
            title="Could not read the log."
            onRetry={() => void reader.follow()}
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
            onShowWhole={setWholeLine}
            isFollowing={isFollowing}
            onFollowingChange={(next) => setFollowing(next && buffer.end() >= state.size)}
            onNearStart={() => buffer.start() > 0 && void reader.older()}
            onNearEnd={() => buffer.end() < state.size && void reader.newer()}
          />
        )}
      </div>
      {wholeLine !== null && buffer && (
        <WholeLineDialog
          buffer={buffer}
          offset={wholeLine}
          query={search.isOpen ? query : ""}
          onClose={() => setWholeLine(null)}
        />
      )}
    </section>
  );
}
