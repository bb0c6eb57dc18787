import type { Context } from "../../context";
import type { ErrorCode } from "../../contracts/errors";
import type { FileHint } from "../../contracts/sockets";
import { isAppError } from "../../errors";
import { type AppendResult, mergeEvidence, mergeProgress } from "../../logs";
import type { NodeLease } from "../../nodes/lease";
import type { NodeConnection } from "../ssh";
import type { AttemptMemory } from "./attempt-memory";
import {
  closeFollow,
  createFollowState,
  type FollowState,
  type FollowStep,
  type FollowTarget,
  followFile,
} from "./follow-file";
import { inTurn } from "./follow-targets";

export interface FollowAttemptOptions {
  ctx: Context;
  lease: NodeLease;
  connection: NodeConnection;
  runId: string;
  memory: AttemptMemory;
  targets: readonly FollowTarget[];
  hasEnded: boolean;
  deadline: number;
  onFile: (hint: FileHint) => void;
}

export interface FollowedRound {
  /** Ended, and every file is complete. */
  isComplete: boolean;
  hasMore: boolean;
  answersChanged: boolean;
  progress: AppendResult["progress"];
  /** null: the attempt has no log. */
  evidence: AppendResult["evidence"] | null;
}

const CLOSED: ReadonlySet<string> = new Set<ErrorCode>(["NOT_FOUND", "REMOTE_COMMAND_FAILED"]);
/** A file that cannot be read any more must not keep an ended attempt open for ever. */
const MAX_FAILURES = 20;

/**
 * Brings all files of an attempt up to date and tells `onFile` about each that moved.
 * A file that fails is tried again next round and holds up no other.
 * @throws AppError NODE_UNREACHABLE, CONFLICT (the lease is gone): these are not about one file
 */
export async function followAttempt(options: FollowAttemptOptions): Promise<FollowedRound> {
  const { memory, targets, hasEnded } = options;
  const round: FollowedRound = {
    isComplete: false,
    hasMore: false,
    answersChanged: false,
    progress: null,
    evidence: null,
  };
  let hasFailed = false;
  const offsetOf = (target: FollowTarget) => stateOf(memory, target).cursor?.offset ?? 0;
  for (const target of inTurn(targets, offsetOf)) {
    const state = stateOf(memory, target);
    const step = await followOne(options, target, state);
    hasFailed ||= step === null;
    round.hasMore ||= step?.hasMore ?? false;
    round.answersChanged ||= step?.answersChanged ?? false;
    round.progress = mergeProgress(round.progress, state.progress);
    if (target.kind === "log") round.evidence = mergeEvidence(round.evidence, state.evidence);
  }
  memory.followFailures = hasFailed ? memory.followFailures + 1 : 0;
  const isGivenUp = memory.followFailures >= MAX_FAILURES;
  const isRead = targets.every((target) => stateOf(memory, target).isDone);
  round.isComplete = hasEnded && (isRead || isGivenUp);
  return round;
}

function stateOf(memory: AttemptMemory, target: FollowTarget): FollowState {
  const key = target.isAside ? target.absolutePath : target.path;
  const known = memory.files.get(key);
  if (known !== undefined) return known;
  const created = createFollowState();
  memory.files.set(key, created);
  return created;
}

/** Archived meanwhile, or another user's: no reason to wait for it, or to give up what can be read. */
function passOver({ identity, size }: FollowTarget, state: FollowState, hasEnded: boolean): FollowStep {
  Object.assign(state, { identity, drainedSize: size, isDone: hasEnded });
  return { hasChanged: false, scalarCount: 0, answersChanged: false, tail: null, hasMore: false };
}

/** null: it failed, and the log says how. */
async function followOne(
  options: FollowAttemptOptions,
  target: FollowTarget,
  state: FollowState,
): Promise<FollowStep | null> {
  const { ctx, lease, connection, hasEnded, deadline } = options;
  try {
    const step = await followFile({
      db: ctx.db,
      lease,
      connection,
      target,
      state,
      hasEnded,
      deadline,
      now: ctx.now,
    });
    if (step.hasChanged && state.cursor !== null) options.onFile(hintOf(options.runId, state.cursor, step));
    return step;
  } catch (error) {
    if (target.isAside && isAppError(error) && CLOSED.has(error.code))
      return passOver(target, state, hasEnded);
    if (isAppError(error) && (error.code === "NODE_UNREACHABLE" || error.code === "CONFLICT")) throw error;
    ctx.log.warn({ err: error, path: target.path }, "cannot follow a file");
    return null;
  }
}

function hintOf(runId: string, cursor: NonNullable<FollowState["cursor"]>, step: FollowStep): FileHint {
  const { fileId, attemptId, path, kind, generation, offset, isComplete } = cursor;
  return {
    runId,
    attemptId,
    fileId,
    path,
    kind,
    generation,
    offset,
    isComplete,
    scalarCount: step.scalarCount,
    tail: step.tail,
  };
}

export async function closeAttempt(memory: AttemptMemory): Promise<void> {
  for (const state of memory.files.values()) await closeFollow(state);
}
