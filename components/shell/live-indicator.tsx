"use client";

import { useSyncExternalStore } from "react";
import { formatDuration } from "@/components/format/format-time";
import { type LiveState, live } from "@/components/hooks/live-client";
import { useLiveState } from "@/components/hooks/use-live";
import { useNow } from "@/components/hooks/use-now";
import { cn } from "@/components/ui/cn";

interface Look {
  word: string;
  dot: string;
  /** For the tooltip and screen readers. */
  meaning: string;
}

function lookOf(state: LiveState): Look {
  if (state.phase === "connecting")
    return { word: "connecting", dot: "bg-faint", meaning: "Opening the live connection." };
  if (state.phase === "reconnecting") {
    return {
      word: "reconnecting",
      dot: "bg-warn",
      meaning: "The live connection is down. Training goes on; this page reads every 5 s.",
    };
  }
  if (!state.isDatabaseAvailable) {
    return {
      word: "no database",
      dot: "bg-bad",
      meaning: "Postgres does not answer. Training goes on; nothing new is stored until it is back.",
    };
  }
  if (!state.isWorkerConnected) {
    return {
      word: "worker away",
      dot: "bg-warn",
      meaning: "The worker process does not answer. Training goes on; what you see is what was last stored.",
    };
  }
  return { word: "live", dot: "bg-ok", meaning: "Connected. The number is the age of the newest reading." };
}

/** Whether what is shown is live, and how old the newest reading is. */
export function LiveIndicator() {
  const state = useLiveState();
  const look = lookOf(state);
  return (
    <div role="status" title={look.meaning} className="flex items-center gap-2 whitespace-nowrap text-muted">
      <span aria-hidden className={cn("size-[7px] rounded-full", look.dot)} />
      <span>{look.word}</span>
      <span className="sr-only">{look.meaning}</span>
      {look.word === "live" ? <NewestAge /> : null}
    </div>
  );
}

function NewestAge() {
  const newest = useSyncExternalStore(live.telemetry.subscribeAll, newestAt, () => null);
  const now = useNow(500);
  return (
    <span aria-hidden className="num min-w-[6ch]">
      {newest === null ? "" : formatDuration(Math.max(0, now - newest) / 1000)}
    </span>
  );
}

function newestAt(): number | null {
  return live.telemetry.newestAt();
}
