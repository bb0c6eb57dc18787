/**
 * Young objects hold what SSH brings, outside of the heap: with Node's 16 MiB for them, 1 GiB of log over a slow link keeps
 * 30 MB more of it waiting for the collector, and is read no faster.
 */
export const WORKER_NODE_OPTIONS = ["--max-semi-space-size=4"] as const;
