/** Best of the passes, in milliseconds. */
export interface Timing {
  wallMs: number;
  /** Of this process, all threads: what is left when other programs share the machine. */
  cpuMs: number;
}

/**
 * Runs the tasks in turn, `passes` times after a warm pass that does not count, so that all of them meet the same
 * noise, and keeps the best pass of each.
 */
export async function measureInTurn<Name extends string>(
  tasks: Record<Name, () => unknown>,
  passes: number,
): Promise<Record<Name, Timing>> {
  const names = Object.keys(tasks) as Name[];
  const best = Object.fromEntries(
    names.map((name) => [name, { wallMs: Number.POSITIVE_INFINITY, cpuMs: Number.POSITIVE_INFINITY }]),
  ) as Record<Name, Timing>;
  for (let pass = 0; pass <= passes; pass += 1) {
    for (const name of names) {
      const started = performance.now();
      const cpuBefore = process.cpuUsage();
      await tasks[name]();
      const cpu = process.cpuUsage(cpuBefore);
      const wallMs = performance.now() - started;
      if (pass === 0) continue;
      best[name].wallMs = Math.min(best[name].wallMs, wallMs);
      best[name].cpuMs = Math.min(best[name].cpuMs, (cpu.user + cpu.system) / 1000);
    }
  }
  return best;
}
