/** A node as one worker sees it when it looks at the leases. */
export interface SharedNode {
  id: string;
  /** We hold it. */
  isOurs: boolean;
  /** Nobody does. */
  isFree: boolean;
}

export interface NodeShare {
  /** Free nodes to ask for, oldest first. */
  take: string[];
  /** Ours to give up, so that a worker with less finds them free; newest first. */
  release: string[];
}

/**
 * The nodes divided among the live workers: each holds at most ceil(nodes / workers), which leaves none without a place.
 * @param nodes all nodes, oldest first
 * @param workerCount live workers, this one included
 */
export function shareNodes(nodes: readonly SharedNode[], workerCount: number): NodeShare {
  const most = Math.ceil(nodes.length / Math.max(1, workerCount));
  const ours = nodes.filter((node) => node.isOurs);
  const free = nodes.filter((node) => node.isFree && !node.isOurs);
  return {
    take: free.slice(0, Math.max(0, most - ours.length)).map((node) => node.id),
    release: ours
      .slice(most)
      .map((node) => node.id)
      .toReversed(),
  };
}
