import { describe, expect, it } from "vitest";
import { parseReadiness } from "./parse-readiness";

describe("parseReadiness", () => {
  it("knows nothing from nothing", () => {
    const facts = parseReadiness("");
    expect(facts).toMatchObject({
      shell: null,
      setsidPath: null,
      files: null,
      hub: null,
      places: [],
      python: { path: null, hasHeaders: null, launcher: null },
      torch: { version: null, error: null, isTimedOut: false, deviceCount: null },
      logind: { isRunning: false, killUserProcesses: null },
    });
  });

  it("tells a program that is missing from one that was not asked for", () => {
    expect(parseReadiness("setsid=\n").setsidPath).toBe("");
    expect(parseReadiness("").setsidPath).toBeNull();
  });

  it("reads a place whose sizes are unknown, and one that cannot be written", () => {
    const { places } = parseReadiness(
      "place=home\t\t\t\t\t\t\t/home/a b\t/home/a b\nplace=hub\t10\t5\t/\t7\t6\tPermission denied\t/hf/hub\t/hf\n",
    );
    expect(places).toEqual([
      {
        role: "home",
        path: "/home/a b",
        nearest: "/home/a b",
        mount: null,
        totalKiB: null,
        freeKiB: null,
        totalInodes: null,
        freeInodes: null,
        writeError: null,
      },
      {
        role: "hub",
        path: "/hf/hub",
        nearest: "/hf",
        mount: "/",
        totalKiB: 10,
        freeKiB: 5,
        totalInodes: 7,
        freeInodes: 6,
        writeError: "Permission denied",
      },
    ]);
  });

  it.each([
    "place=attic\t1\t1\t/\t1\t1\t\t/x\t/x",
    "place=home",
    'torch={"version":',
    "torch=[1]",
    'hub={"endpoint":1}',
  ])("drops only the line that makes no sense: %s", (line) => {
    const facts = parseReadiness(`setsid=/usr/bin/setsid\n${line}\nend=1\n`);
    expect(facts).toMatchObject({
      setsidPath: "/usr/bin/setsid",
      places: [],
      hub: null,
      torch: { version: null },
    });
  });

  it.each([
    ["true", true],
    ["yes", true],
    ["no", false],
    ["0", false],
    ["perhaps", null],
  ])("reads systemd's %s", (word, value) => {
    expect(parseReadiness(`logind=1\nkillUserProcesses=${word}\n`).logind.killUserProcesses).toBe(value);
  });

  it("keeps models when the hub gave no answer in time", () => {
    const models =
      'models={"models":["facebook/opt-125m"],"modelCount":1,"isOffline":false,"hasToken":false}';
    expect(parseReadiness(`${models}\nhub={"isTimedOut":true}\n`).hub).toMatchObject({
      isReachable: null,
      modelCount: 1,
    });
  });
});
