import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AttemptNode, startAttemptNode } from "../../../server/testing/attempt-node";
import { killAllOfUser, run } from "../../../server/testing/processes";

const BOOT_ID = "/proc/sys/kernel/random/boot_id";

/** A node that can be started again and run out of memory, without anybody else on this computer noticing. */
export interface Machine {
  node: AttemptNode;
  /** Nothing of the user lives on, and the kernel says that it booted anew. null: only root can do that. */
  reboot: (() => Promise<void>) | null;
  /** What everything on the node may use together, from now on; null lifts it. null: there is no control group for it. */
  limitMemory: ((bytes: number | null) => void) | null;
  stop: () => Promise<void>;
}

export async function startMachine({ gpuCount }: { gpuCount: number }): Promise<Machine> {
  const isRoot = process.getuid?.() === 0;
  const node = await startAttemptNode({ gpuCount, hasOwnMounts: isRoot });
  const directory = mkdtempSync(join(tmpdir(), "trainyard-machine-"));
  const group = isRoot ? memoryGroup(node.sshd.pid()) : null;
  return {
    node,
    reboot: isRoot ? () => reboot(node, directory) : null,
    limitMemory:
      group === null
        ? null
        : (bytes) => writeFileSync(join(group.directory, group.limitFile), String(bytes ?? group.unlimited)),
    stop: async () => {
      await node.stop();
      if (group !== null) rmdirSync(group.directory);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function reboot(node: AttemptNode, directory: string): Promise<void> {
  const { uid } = statSync(node.sshd.homeDirectory);
  await killAllOfUser(uid);
  await node.sshd.killSessions();
  const file = join(directory, randomUUID());
  writeFileSync(file, `${randomUUID()}\n`);
  run("nsenter", ["-t", String(node.sshd.pid()), "-m", "mount", "--bind", file, BOOT_ID]);
}

interface MemoryGroup {
  directory: string;
  limitFile: string;
  unlimited: string;
}

/** A control group of its own around sshd and all of its sessions; null where none can be made. */
function memoryGroup(pid: number | null): MemoryGroup | null {
  const own = readFileSync("/proc/self/cgroup", "utf8");
  const [, v1] = /^\d+:[^:]*\bmemory\b[^:]*:(.*)$/m.exec(own) ?? [];
  const [, v2] = /^0::(.*)$/m.exec(own) ?? [];
  const parent = v1 === undefined ? join("/sys/fs/cgroup", v2 ?? "") : join("/sys/fs/cgroup/memory", v1);
  const directory = join(parent, `trainyard-${randomUUID().slice(0, 8)}`);
  try {
    mkdirSync(directory);
  } catch {
    // Read-only, as in most containers: the deaths that need it are left out, and the figure says so.
    return null;
  }
  const [limitFile, unlimited] = v1 === undefined ? ["memory.max", "max"] : ["memory.limit_in_bytes", "-1"];
  if (pid === null || !existsSync(join(directory, limitFile))) {
    rmdirSync(directory);
    return null;
  }
  writeFileSync(join(directory, "cgroup.procs"), String(pid));
  return { directory, limitFile, unlimited };
}
