import type pg from "pg";

const ROOM = /^(node|run|evaluation):([0-9a-f-]{36})$/;

/** Which rooms each web process has somebody in, and which nodes that makes interesting. */
export class WatchList {
  private readonly pool: pg.Pool;
  private readonly roomsOf = new Map<string, readonly string[]>();

  constructor(pool: pg.Pool) {
    this.pool = pool;
  }

  /** Replaces what this web process said before. An empty list, or one that went away, watches nothing. */
  set(clientId: string, rooms: readonly string[]): void {
    if (rooms.length === 0) this.roomsOf.delete(clientId);
    else this.roomsOf.set(clientId, rooms);
  }

  /** Nodes of all rooms but the yard, which shows too much to follow any of it closely. */
  watchedNodes(): Promise<Set<string>> {
    return this.nodesOf([...this.roomsOf.values()].flat());
  }

  /** Nodes that rooms are about, `yard` left out. */
  async nodesOf(rooms: readonly string[]): Promise<Set<string>> {
    const ids = { node: new Set<string>(), run: new Set<string>(), evaluation: new Set<string>() };
    for (const room of rooms) {
      const [, kind, id] = ROOM.exec(room) ?? [];
      if (kind !== undefined && id !== undefined) ids[kind as keyof typeof ids].add(id);
    }
    if (ids.run.size + ids.evaluation.size === 0) return ids.node;
    const { rows } = await this.pool.query<{ nodeId: string }>(
      `SELECT "nodeId" FROM run WHERE id = ANY ($1::uuid[])
       UNION SELECT r."nodeId" FROM evaluation e JOIN run r ON r.id = e."runId" WHERE e.id = ANY ($2::uuid[])`,
      [[...ids.run], [...ids.evaluation]],
    );
    return new Set([...ids.node, ...rows.map((row) => row.nodeId)]);
  }
}
