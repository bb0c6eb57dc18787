import { describe, expect, it } from "vitest";
import type { ProbedExit } from "../attempts/parse-probe";
import { endOf } from "./end-job";

const exit = (why: string, status: number | null = null): ProbedExit => ({
  why,
  status,
  oomKills: 0,
  leakedPids: [],
  orphanedRanks: 0,
});
const prepare = { action: "prepare", isCancelRequested: false } as const;
const uninstall = { action: "uninstall", isCancelRequested: true } as const;
const rest = { steps: [], launchFailure: null };

describe("how a job ended", () => {
  it("speaks of preparing only where that goes on", () => {
    expect(endOf({ ...rest, job: prepare, exit: exit("cancel") }).reason).toContain("preparing again");
    for (const why of ["cancel", "lost"]) {
      const { reason } = endOf({ ...rest, job: uninstall, exit: exit(why) });
      expect(reason).toMatch(/uninstall/i);
      expect(reason).not.toMatch(/prepar/i);
    }
  });

  it("of a launch that was given up is why it was", () => {
    const launchFailure = "cannot write";
    const given = { steps: [], launchFailure, exit: exit("never-launched") };
    expect(endOf({ ...given, job: prepare })).toEqual({ status: "failed", reason: launchFailure });
    expect(endOf({ ...given, job: { ...prepare, isCancelRequested: true } }).status).toBe("cancelled");
  });
});
