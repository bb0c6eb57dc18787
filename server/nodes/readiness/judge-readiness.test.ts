import { describe, expect, it } from "vitest";
import { lineOf, missingModule, withPlace } from "../../testing/readiness-cases";
import { READY_NODE, readinessFacts } from "../../testing/readiness-facts";
import { judgeReadiness } from "./judge-readiness";
import { ReadinessFacts } from "./readiness-facts";

const GIB = 1024 * 1024;

describe("judgeReadiness", () => {
  it("finds nothing wrong with a node that has everything", () => {
    expect(ReadinessFacts.parse(READY_NODE)).toEqual(READY_NODE);
    const problems = judgeReadiness(READY_NODE).filter(
      ({ state }) => state !== "ok" && state !== "not_applicable",
    );
    expect(problems).toEqual([]);
  });

  it("says of the practice node only what is true of it", () => {
    const lines = judgeReadiness({ ...READY_NODE, isPractice: true });
    const said = lines.filter(({ state }) => state !== "not_applicable").map(({ id }) => id);
    expect(said).toEqual([
      "login_shell",
      "sftp",
      "setsid",
      "clock",
      "home_disk",
      "tmp_disk",
      "write_rename_link",
    ]);
  });

  it("asks little room of the practice node", () => {
    const facts = readinessFacts({
      isPractice: true,
      ...withPlace("home", "/home/ada", { freeKiB: 3 * GIB }),
    });
    expect(lineOf("home_disk", facts).state).toBe("ok");
  });

  it.each([
    [["ubuntu", "debian"], "sudo apt-get install -y util-linux"],
    [["rocky", "rhel", "centos"], "sudo dnf install -y util-linux"],
    [["alpine"], "sudo apk add util-linux"],
    [["plan9"], null],
  ])("names the package manager of %j", (osIds, command) => {
    expect(lineOf("setsid", readinessFacts({ osIds, setsidPath: "" })).fix?.command).toBe(command);
  });

  it("installs nothing into a Python that belongs to the distribution", () => {
    const python = { path: "/usr/bin/python3", isManaged: true, tensorboard: null };
    for (const [id, changes] of [
      ["torch", { python, torch: missingModule("torch") }],
      ["tensorboard", { python }],
    ] as const)
      expect(lineOf(id, readinessFacts(changes)).fix).toMatchObject({
        command: expect.stringMatching(
          /^\/usr\/bin\/python3 -m venv .* && .*\/bin\/pip install torch deepspeed /,
        ),
        actions: ["prepare_node", "edit_node"],
      });
  });

  it("quotes paths in commands", () => {
    const python = { path: "/home/ada/my venv/bin/python" };
    expect(
      lineOf("datasets", readinessFacts({ python, datasets: missingModule("datasets") })).fix?.command,
    ).toBe("'/home/ada/my venv/bin/python' -m pip install datasets");
  });
});
