import { describe, expect, it } from "vitest";
import { judgeCases, lineOf, withPlace } from "../../testing/readiness-cases";
import { readinessFacts } from "../../testing/readiness-facts";

const MIB = 1024;
const GIB = 1024 * 1024;

judgeCases("storage", {
  home_disk: [
    ["wide", {}, "ok", "/home/ada: 500 GiB free of 900 GiB"],
    ["short", withPlace("home", "/home/ada", { freeKiB: 6 * GIB }), "warning", "6.0 GiB free"],
    ["full", withPlace("home", "/home/ada", { freeKiB: 100 * MIB }), "error", "100 MiB free"],
    [
      "read-only",
      withPlace("home", "/home/ada", { writeError: "Read-only file system" }),
      "error",
      "Read-only file system",
    ],
    [
      "out of inodes",
      withPlace("home", "/home/ada", { freeInodes: 0 }),
      "error",
      "all 60000000 inodes are taken",
    ],
    [
      "without inodes to count",
      withPlace("home", "/home/ada", { totalInodes: 0, freeInodes: 0 }),
      "ok",
      "500 GiB",
    ],
    ["size unknown", withPlace("home", "/home/ada", { freeKiB: null }), "unknown", "could not be read"],
    ["hung", { places: [] }, "unknown", "may hang"],
  ],
  work_disk: [
    ["on the disk of home", {}, "not_applicable", "is on the disk of the home directory"],
    [
      "on a disk of its own",
      withPlace("work", "/data/runs", { mount: "/data" }),
      "ok",
      "/data/runs: 500 GiB free",
    ],
    [
      "short",
      withPlace("work", "/data/runs", { mount: "/data", freeKiB: 20 * GIB }),
      "warning",
      "20 GiB free",
    ],
    [
      "short, on the disk of home",
      withPlace("work", "/home/ada/.trainyard", { freeKiB: 20 * GIB }),
      "warning",
      "20 GiB free",
    ],
    ["full", withPlace("work", "/data/runs", { mount: "/data", freeKiB: GIB }), "error", "1.0 GiB free"],
    ["hung", { places: [] }, "unknown", "may hang"],
  ],
  tmp_disk: [
    ["wide", {}, "ok", "/tmp: 500 GiB"],
    ["short", withPlace("tmp", "/tmp", { freeKiB: GIB }), "warning", "1.0 GiB free"],
    [
      "full",
      withPlace("tmp", "/tmp", { writeError: "No space left on device", freeKiB: 0 }),
      "error",
      "No space left on device",
    ],
    ["hung", { places: [] }, "unknown", "may hang"],
  ],
  shm: [
    ["wide", {}, "ok", "/dev/shm: 500 GiB"],
    [
      "a container's default",
      withPlace("shm", "/dev/shm", { totalKiB: 64 * MIB, freeKiB: 64 * MIB }),
      "warning",
      "64 MiB free of 64 MiB",
    ],
    ["full", withPlace("shm", "/dev/shm", { freeKiB: MIB }), "error", "1 MiB free"],
    ["missing", withPlace("shm", "/dev/shm", { nearest: "/dev" }), "error", "/dev/shm is not there"],
    ["hung", { places: [] }, "unknown", "may hang"],
  ],
  hub_cache: [
    ["wide", {}, "ok", "huggingface/hub: 500 GiB"],
    ["short", withPlace("hub", "/hf/hub", { freeKiB: 5 * GIB }), "warning", "5.0 GiB free"],
    ["full", withPlace("hub", "/hf/hub", { freeKiB: GIB }), "error", "1.0 GiB free"],
    [
      "somebody else's",
      withPlace("hub", "/hf/hub", { nearest: "/hf", writeError: "Permission denied" }),
      "error",
      "/hf cannot be written: Permission denied",
    ],
    ["hung", { places: [] }, "unknown", "may hang"],
  ],
  write_rename_link: [
    ["works", {}, "ok", "Written, renamed and linked in /home/ada."],
    [
      "no write",
      { files: { failed: "write", error: "Permission denied" } },
      "error",
      "could not be written (Permission denied)",
    ],
    ["no rename", { files: { failed: "rename" } }, "error", "could not be renamed"],
    [
      "no link",
      { files: { failed: "link", error: "Operation not permitted" } },
      "error",
      "(Operation not permitted)",
    ],
    [
      "a link that overwrites",
      { files: { failed: "exclusive" } },
      "error",
      "second link over an existing name",
    ],
    ["hung", { files: null }, "unknown", "may hang"],
  ],
});

describe("the fix of a place that cannot be written", () => {
  const denied = "Permission denied";
  it.each([
    ["tmp_disk", withPlace("tmp", "/tmp", { writeError: denied }), "sudo chmod 1777 /tmp", []],
    ["tmp_disk", withPlace("tmp", "/my tmp", { writeError: denied }), "sudo chmod 1777 '/my tmp'", []],
    [
      "tmp_disk",
      withPlace("tmp", "/scratch/tmp", { nearest: "/", writeError: denied }),
      "ls -ld /",
      ["edit_node"],
    ],
    [
      "hub_cache",
      withPlace("hub", "/a b/hub", { nearest: "/a b", writeError: denied }),
      "ls -ld '/a b'",
      ["edit_node"],
    ],
    [
      "home_disk",
      withPlace("home", "/a b", { writeError: "No space left on device" }),
      "df -h '/a b'",
      ["edit_node"],
    ],
    ["home_disk", withPlace("home", "/a b", { freeKiB: MIB }), "df -h '/a b'", ["edit_node"]],
  ])("%s: a command that changes only what was asked for", (id, changes, command, actions) => {
    expect(lineOf(id, readinessFacts(changes)).fix).toMatchObject({ command, actions });
  });

  it("names the missing directory", () => {
    const place = withPlace("tmp", "/scratch/tmp", { nearest: "/", writeError: denied });
    expect(lineOf("tmp_disk", readinessFacts(place)).fix?.text).toContain("/scratch/tmp is missing");
  });
});
