"use client";

import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Skeleton } from "@/components/ui/skeleton";
import { LOG_LEVELS, type LogLevel } from "./log-level";
import { LogLines } from "./log-lines";
import type { LogPart } from "./log-parts";
import { LogPartsBar } from "./log-parts-bar";
import { LogToolbar } from "./log-toolbar";
import { useLog } from "./use-log";
import { useLogKeys } from "./use-log-keys";
import { type LogParts, useLogParts } from "./use-log-parts";
import { useLogSearch } from "./use-log-search";

const WholeLineDialog = dynamic(() => import("./whole-line-dialog").then((module) => module.WholeLineDialog));

export interface LogViewerProps {
  attemptId: string;
  /** The attempt still writes. */
  isActive: boolean;
}

/** The whole log, however long; of a file that began anew on the node the newest part, unless another is chosen. */
export function LogViewer(props: LogViewerProps) {
  const log = useLogParts(props.attemptId);
  if (log.isUnknown) return <Skeleton className="h-96 w-full rounded-lg" />;
  return <PartViewer {...props} log={log} />;
}

/** Its end first, the rest on demand; followed until somebody scrolls up. */
function PartViewer({ attemptId, isActive: isAttemptActive, log }: LogViewerProps & { log: LogParts }) {
  const generation = log.shown?.generation ?? null;
  const isActive = isAttemptActive && generation === null;
  const [isFollowing, setFollowing] = useState(true);
  const [wholeLine, setWholeLine] = useState<number | null>(null);
  const [levelText, setLevel] = useUrlState("level", "all");
  const [query, setQuery] = useUrlState("q", "");
  const level = LOG_LEVELS.find((candidate) => candidate === levelText) ?? "all";
  const { reader, state } = useLog(attemptId, isFollowing && generation === null, generation);
  const search = useLogSearch(attemptId, query, generation);
  const { buffer } = state;
  const newest = log.parts.at(-1);
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

  function showPart(part: LogPart) {
    search.clear();
    setFollowing(true);
    log.show(part);
  }

  async function toStart() {
    search.clear();
    setFollowing(false);
    await reader.openAt(0);
  }

  const isKnown = log.parts.some((part) => part.generation === state.generation);
  // The server is the external system: a part that began while somebody looks is not in the list yet.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each generation that is seen
  useEffect(() => {
    if (state.generation !== null && !isKnown) log.readAgain();
  }, [state.generation]);

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
        generation={generation}
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
      {newest && log.parts.length > 1 && (
        <LogPartsBar parts={log.parts} shown={log.shown ?? newest} onShow={showPart} />
      )}
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
