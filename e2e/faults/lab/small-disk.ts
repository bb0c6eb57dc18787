import { mkdirSync, statSync } from "node:fs";
import { run } from "../../../server/testing/processes";

/** A file system of its own, whose size can be changed while it is in use. Only root can make one. */
export interface SmallDisk {
  resize: (size: string) => void;
  /** How much is on it. */
  usedBytes: () => number;
  remove: () => void;
}

/** @param size as tmpfs takes it: "40g" costs no memory before it is written */
export function mountSmallDisk(directory: string, size: string): SmallDisk {
  mkdirSync(directory, { recursive: true });
  const { uid, gid } = statSync(`${directory}/..`);
  run("mount", ["-t", "tmpfs", "-o", `size=${size},mode=0700,uid=${uid},gid=${gid}`, "tmpfs", directory]);
  return {
    resize: (next) => {
      run("mount", ["-o", `remount,size=${next}`, directory]);
    },
    usedBytes: () => Number(run("df", ["--output=used", "-B1", directory]).split("\n")[1]),
    remove: () => {
      run("umount", ["-l", directory]);
    },
  };
}
