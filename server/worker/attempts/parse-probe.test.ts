import { describe, expect, it } from "vitest";
import { parseProbe } from "./parse-probe";

const A = "0b6c1f0e-8f43-4c0a-9a55-0d5c9d3f8a01";
const B = "0b6c1f0e-8f43-4c0a-9a55-0d5c9d3f8a02";
const output = (...lines: string[]) => ["node v=1 boot=x ns=y up=1000.50", ...lines, "end", ""].join("\n");

describe("parseProbe", () => {
  it("reads every fact of several attempts in one pass", () => {
    const probe = parseProbe(
      output(
        `attempt ${A} running`,
        "id v=1 wpid=12 wst=99 boot=x ns=y p1=24 host=h uid=0 t0=1 up0=900.1",
        "hb n=30 up=990.25 kb=80745464",
        "cancel v=1 who=ann@example.org grace=15 t=1",
        `attempt ${B} exit`,
        "exit v=1 rc=137 why=cancel oom=2 leak=77,78 t1=5 up1=6",
        `file 65024:2188719 21 /w/attempts/${A}/training.log`,
        "file 65024:5 0 /out put/events.out.tfevents.1.h.1.0",
      ),
    );
    expect(probe?.attempts.get(A)).toEqual({
      attemptId: A,
      state: "running",
      exit: null,
      heartbeat: { sequence: 30, ageSeconds: 10.25, diskFreeKiB: 80745464 },
      cancel: { who: "ann@example.org", graceSeconds: 15 },
    });
    expect(probe?.attempts.get(B)?.exit).toEqual({
      status: 137,
      why: "cancel",
      oomKills: 2,
      leakedPids: [77, 78],
      orphanedRanks: 0,
    });
    expect(probe?.files).toEqual([
      { identity: "65024:2188719", size: 21, path: `/w/attempts/${A}/training.log` },
      { identity: "65024:5", size: 0, path: "/out put/events.out.tfevents.1.h.1.0" },
    ]);
  });

  it.each([
    ["cut before its end", `node v=1 up=1\nattempt ${A} exit\n`],
    ["without its first line", `attempt ${A} exit\nend\n`],
    ["empty", ""],
  ])("concludes nothing from output that is %s", (_, text) => {
    expect(parseProbe(text)).toBeNull();
  });

  it("says that a disk is not mounted, and nothing about attempts", () => {
    expect(parseProbe("node v=1 up=1\nunmounted\n")).toMatchObject({ isMounted: false });
  });

  it.each([
    ["-", null],
    ["", null],
    ["abc", null],
    ["-1", null],
    ["256", null],
    ["0.5", null],
    ["0", 0],
    ["42", 42],
  ])("an exit status of %j is %j, never by accident a success", (rc, status) => {
    const probe = parseProbe(output(`attempt ${A} exit`, `exit v=1 rc=${rc} why=exit`));
    expect(probe?.attempts.get(A)?.exit?.status).toBe(status);
  });

  it("an exit file full of garbage is an end with an unknown status", () => {
    const probe = parseProbe(output(`attempt ${A} exit`, "exit \uFFFD\u0001 rc why"));
    expect(probe?.attempts.get(A)?.exit).toEqual({
      status: null,
      why: "damaged",
      oomKills: 0,
      leakedPids: [],
      orphanedRanks: 0,
    });
  });

  it("a bad line costs itself only", () => {
    const probe = parseProbe(
      output(
        "attempt",
        "file x",
        `attempt ${A} dancing`,
        `attempt ${B} running`,
        "hb n=x",
        "file 1:2 3 relative",
        "?",
      ),
    );
    expect([...(probe?.attempts.keys() ?? [])]).toEqual([B]);
    expect(probe?.attempts.get(B)?.heartbeat).toBeNull();
    expect(probe?.files).toEqual([]);
  });
});
