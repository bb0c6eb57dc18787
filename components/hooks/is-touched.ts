import type { ChangeBatch } from "@/server/contracts/sockets";

/** Whether what was read from `path` (below /api/v1) may be different after these changes. Pure. */
export function isTouched(path: string, changes: ChangeBatch): boolean {
  if (path.includes("/samples") || path.includes("/scalars") || path.includes("/log")) return false;
  const [resource, id] = path.split("?")[0]?.split("/").slice(1) ?? [];
  const isHit = (ids: string[]) => ids.length > 0 && (id === undefined || ids.includes(id));
  switch (resource) {
    case "nodes":
      // A node's GPUs show which run holds them, so a run's change touches every node.
      return isHit(changes.nodes) || changes.runs.length > 0 || changes.attempts.length > 0;
    case "runs":
      return isHit(changes.runs);
    case "attempts":
      return isHit(changes.attempts);
    case "evaluations":
      return isHit(changes.evaluations);
    default:
      return false;
  }
}
