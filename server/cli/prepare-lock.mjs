// One process at a time prepares a clone: a second one waits, and then finds everything done.
import { linkSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const POLL_MS = 200;

/**
 * @param {{ file: string, root: string, log: (line: string) => void }} options
 * @returns {Promise<{ note: (pid: number) => void, release: () => void }>} note: the program that works for us now
 */
export async function takeLock({ file, root, log }) {
  mkdirSync(dirname(file), { recursive: true });
  let isTold = false;
  while (!create(file)) {
    const [holder, program] = read(file);
    if (isAlive(holder)) {
      if (!isTold) log(`Waiting for process ${holder}, which prepares this folder …`);
      isTold = true;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    } else {
      endOrphan(program, root);
      rmSync(file, { force: true });
    }
  }
  return {
    note: (pid) => writeFileSync(file, `${process.pid} ${pid}`),
    release: () => rmSync(file, { force: true }),
  };
}

function create(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${process.pid} 0`);
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Holder and its program; 0 where there is none. */
function read(file) {
  try {
    return readFileSync(file, "utf8").split(" ").map(Number);
  } catch {
    // Given back meanwhile.
    return [0, 0];
  }
}

/** What a holder that was killed with -9 had started goes on without it, and would write where we write. */
function endOrphan(pid, root) {
  if (!isAlive(pid)) return;
  try {
    // A later process with the same pid works elsewhere.
    if (readlinkSync(`/proc/${pid}/cwd`) === root) process.kill(-pid, "SIGKILL");
  } catch {
    // It has just ended, or there is no /proc to tell by.
  }
}

function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
