import { expect, it } from "vitest";
import { CLAIM_TIMEOUT_MS, decideStep, GONE_TIMEOUT_MS, type Situation, type Step } from "./decide-step";
import { type AttemptProbe, PROBED_STATES, type ProbedState } from "./parse-probe";

const cancel = { who: "ann", graceSeconds: 30 };
const probe = (state: ProbedState, extra: Partial<AttemptProbe> = {}): AttemptProbe => ({
  attemptId: "a",
  state,
  exit: null,
  heartbeat: null,
  cancel: null,
  ...extra,
});
const decide = (state: AttemptProbe, extra: Partial<Situation> = {}): Step =>
  decideStep({
    status: "running",
    desired: "run",
    stopGraceSeconds: 30,
    probe: state,
    claimedMs: null,
    goneMs: null,
    killingMs: null,
    ...extra,
  });
const stop = { desired: "stop" } as const;

it.each<[string, AttemptProbe, Partial<Situation>, Step]>([
  ["launches what is wanted and not there", probe("absent"), { status: "queued" }, { type: "launch" }],
  ["launches again when the reply was lost", probe("absent"), { status: "starting" }, { type: "launch" }],
  [
    "bars a launch that is not wanted any more",
    probe("absent"),
    { status: "starting", ...stop },
    { type: "fence", why: "never-launched" },
  ],
  ["gives a vanished directory time", probe("absent"), { goneMs: 10 }, { type: "wait" }],
  [
    "never launches again what has run",
    probe("absent"),
    { goneMs: GONE_TIMEOUT_MS },
    { type: "fence", why: "lost" },
  ],
  [
    "waits for a claim's supervisor",
    probe("claimed"),
    { status: "starting", claimedMs: 100 },
    { type: "wait" },
  ],
  [
    "gives up a claim without a supervisor",
    probe("claimed"),
    { status: "starting", claimedMs: CLAIM_TIMEOUT_MS },
    { type: "fence", why: "never-launched" },
  ],
  ["leaves a running attempt alone", probe("running"), {}, { type: "wait" }],
  ["asks a running attempt to stop", probe("running"), stop, { type: "cancel" }],
  ["asks once", probe("running", { cancel }), stop, { type: "wait" }],
  ["leaves an unsupervised attempt alone", probe("unsupervised"), {}, { type: "wait" }],
  ["notes who stopped an unsupervised attempt", probe("unsupervised"), stop, { type: "cancel" }],
  ["ends its members itself", probe("unsupervised", { cancel }), stop, { type: "signal", signal: "TERM" }],
  [
    "gives them their grace",
    probe("unsupervised", { cancel }),
    { ...stop, killingMs: 29_999 },
    { type: "wait" },
  ],
  [
    "kills them after it",
    probe("unsupervised", { cancel }),
    { ...stop, killingMs: 30_000 },
    { type: "signal", signal: "KILL" },
  ],
  ["closes what a reboot ended", probe("rebooted"), {}, { type: "fence", why: "interrupted" }],
  ["waits for a late exit file", probe("gone"), { goneMs: 0 }, { type: "wait" }],
  [
    "closes what is gone without an exit",
    probe("gone"),
    { goneMs: GONE_TIMEOUT_MS },
    { type: "fence", why: "lost" },
  ],
])("%s", (_, state, situation, expected) => {
  expect(decide(state, situation)).toEqual(expected);
});

it("an exit file ends every attempt, whatever was wanted or known before", () => {
  for (const status of ["queued", "starting", "running", "stopping"] as const) {
    for (const desired of ["run", "stop"] as const) {
      expect(decide(probe("exit"), { status, desired })).toEqual({ type: "finish" });
    }
  }
});

it("launches only what is absent, and never while something of it may live", () => {
  for (const state of PROBED_STATES.filter((each) => each !== "absent")) {
    for (const status of ["queued", "starting", "running", "stopping"] as const) {
      expect(decide(probe(state), { status, goneMs: 1e9, claimedMs: 1e9 }).type).not.toBe("launch");
    }
  }
});
