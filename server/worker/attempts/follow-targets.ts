import { basename, join, relative } from "node:path/posix";
import type { FollowTarget } from "./follow-file";
import type { ProbedFile } from "./parse-probe";

/** What logrotate and people call a log that they moved aside, while it still is text. */
const ASIDE = /^training\.log[.-][\w.-]{1,60}$/;
const COMPRESSED = /\.(?:gz|bz2|xz|zst|lz4|Z)$/;

export interface FollowedAttempt {
  attemptId: string;
  /** Absolute. */
  directory: string;
  outputDirectory: string | null;
  eventDirectories: readonly string[];
}

/**
 * The files of one attempt among those that a probe found: its log, its answers, the event files below its event directories.
 * Names are relative to the attempt's directory (log, answers) or to its output directory (events).
 */
export function followTargets(attempt: FollowedAttempt, files: readonly ProbedFile[]): FollowTarget[] {
  const { attemptId, directory } = attempt;
  const targets = files.flatMap(({ path: absolutePath, identity, size }): FollowTarget[] => {
    const common = { attemptId, absolutePath, identity, size, isAside: false };
    if (absolutePath === join(directory, "training.log")) {
      return [{ ...common, kind: "log", path: "training.log" }];
    }
    const name = basename(absolutePath);
    if (absolutePath === join(directory, name) && ASIDE.test(name)) {
      return COMPRESSED.test(name) ? [] : [{ ...common, kind: "log", path: "training.log", isAside: true }];
    }
    if (absolutePath === join(directory, "answers.jsonl")) {
      return [{ ...common, kind: "answers", path: "answers.jsonl" }];
    }
    if (!attempt.eventDirectories.some((each) => isBelow(absolutePath, each))) return [];
    const { outputDirectory } = attempt;
    const path =
      outputDirectory !== null && isBelow(absolutePath, outputDirectory)
        ? relative(outputDirectory, absolutePath)
        : absolutePath;
    return [{ ...common, kind: "events", path }];
  });
  // What was written before comes first.
  return [...targets.filter(({ isAside }) => isAside), ...targets.filter(({ isAside }) => !isAside)];
}

/**
 * What was moved aside first, for the log goes on from it; then whatever is soonest read, so that a gigabyte of log, which
 * takes many rounds, does not keep the scalars waiting. `offsetOf` is how far a file was read.
 */
export function inTurn(
  targets: readonly FollowTarget[],
  offsetOf: (target: FollowTarget) => number,
): FollowTarget[] {
  const bytesLeft = (target: FollowTarget) =>
    target.isAside ? 0 : Math.max(1, target.size - offsetOf(target));
  return [...targets].sort((one, other) => bytesLeft(one) - bytesLeft(other));
}

function isBelow(path: string, directory: string): boolean {
  return path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}
