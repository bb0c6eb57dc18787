/** A lone node's reading goes out at once; many nodes wait for each other, at most a quarter of a second. */
const MS_PER_NODE = 8;
const MAX_WINDOW_MS = 250;

export function windowMs(nodesSeen: number): number {
  return nodesSeen <= 1 ? 0 : Math.min(MAX_WINDOW_MS, nodesSeen * MS_PER_NODE);
}

/** Collects values and hands them on together, so that a room gets one message where it would get one per node. */
export function createBatcher<T>(windowOf: () => number, flush: (values: T[]) => void) {
  let waiting: T[] = [];
  let timer: NodeJS.Timeout | null = null;
  const run = () => {
    timer = null;
    const values = waiting;
    waiting = [];
    flush(values);
  };
  return {
    add: (values: readonly T[]) => {
      waiting.push(...values);
      timer ??= setTimeout(run, windowOf());
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      waiting = [];
    },
  };
}
