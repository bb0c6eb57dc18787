import { join, relative } from "node:path/posix";
import type { FollowTarget } from "./follow-file";
import type { ProbedFile } from "./parse-probe";

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
  return files.flatMap(({ path: absolutePath, identity }): FollowTarget[] => {
    const common = { attemptId, absolutePath, identity };
    if (absolutePath === join(directory, "training.log")) {
      return [{ ...common, kind: "log", path: "training.log" }];
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
}

function isBelow(path: string, directory: string): boolean {
  return path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}
