import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("extract-archive.py", import.meta.url));
/** make.py KIND FILE NAME…: an archive with these members. */
const MAKE = `
import io, sys, tarfile, zipfile
kind, path, *names = sys.argv[1:]
if kind == "zip":
    with zipfile.ZipFile(path, "w") as archive:
        for name in names: archive.writestr(name, "x")
else:
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            member = tarfile.TarInfo(name); member.size = 1
            archive.addfile(member, io.BytesIO(b"x"))
`;
const MEMBER = "DeepSpeedExamples-1/applications/DeepSpeed-Chat/setup.py";

describe("extract-archive.py", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "trainyard-archive-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const extract = (kind: "zip" | "tar", names: string[]) => {
    const archive = join(directory, "archive");
    const made = spawnSync("python3", ["-c", MAKE, kind, archive, ...names], { encoding: "utf8" });
    expect(made.stderr).toBe("");
    return spawnSync("python3", [PROGRAM, archive, join(directory, "inside/to")], { encoding: "utf8" });
  };

  it.each(["tar", "zip"] as const)("finds the application in a %s below its one top directory", (kind) => {
    expect(extract(kind, [MEMBER]).status).toBe(0);
    const root = readFileSync(join(directory, "inside/to/root"), "utf8").trim();
    expect(readFileSync(join(root, "applications/DeepSpeed-Chat/setup.py"), "utf8")).toBe("x");
  });

  it.each(["tar", "zip"] as const)("writes nothing outside from a %s that tries to", (kind) => {
    extract(kind, [MEMBER, "../../evil"]);
    expect(existsSync(join(directory, "inside/evil"))).toBe(false);
    expect(existsSync(join(directory, "evil"))).toBe(false);
  });

  it("says what is missing in an archive of something else", () => {
    const result = extract("tar", ["other/file"]);
    expect(result.status).toBe(1);
    expect(result.stderr).toContain("no applications/DeepSpeed-Chat");
  });
});
