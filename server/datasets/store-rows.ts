import { createHash } from "node:crypto";
import type { PoolClient } from "pg";
import { DATA_PARTS, type DataPart } from "../contracts/data-facts";
import type { DataRow } from "../contracts/data-sets";

const CHUNK_BYTES = 1_048_576;

interface PartState {
  lines: Buffer[];
  bytes: number;
  index: number;
  count: number;
  /** Rows of the chunks that are stored. */
  stored: number;
  hash: ReturnType<typeof createHash>;
}

/** Writes normalised rows of a version as chunks of about 1 MiB, each of whole lines, and hashes what it writes. */
export class RowStore {
  private readonly client: PoolClient;
  private readonly versionId: string;
  private readonly parts = new Map<DataPart, PartState>();

  constructor(client: PoolClient, versionId: string) {
    this.client = client;
    this.versionId = versionId;
    for (const part of DATA_PARTS) {
      const hash = createHash("sha256");
      this.parts.set(part, { lines: [], bytes: 0, index: 0, count: 0, stored: 0, hash });
    }
  }

  async add(part: DataPart, row: DataRow): Promise<void> {
    const state = this.state(part);
    const line = Buffer.from(lineOf(row));
    state.lines.push(line);
    state.bytes += line.length;
    state.count += 1;
    state.hash.update(line);
    if (state.bytes >= CHUNK_BYTES) await this.flush(part);
  }

  count(part: DataPart): number {
    return this.state(part).count;
  }

  /** Stores what is left. @returns SHA-256 over both parts' hashes, hex */
  async finish(): Promise<string> {
    const whole = createHash("sha256");
    for (const part of DATA_PARTS) {
      await this.flush(part);
      whole.update(this.state(part).hash.digest());
    }
    return whole.digest("hex");
  }

  private async flush(part: DataPart): Promise<void> {
    const state = this.state(part);
    if (state.lines.length === 0) return;
    await this.client.query(
      `INSERT INTO data_set_chunk (version_id, part, index, first_row, bytes) VALUES ($1, $2, $3, $4, $5)`,
      [this.versionId, part, state.index, state.stored, Buffer.concat(state.lines)],
    );
    state.stored += state.lines.length;
    state.index += 1;
    state.lines = [];
    state.bytes = 0;
  }

  private state(part: DataPart): PartState {
    const state = this.parts.get(part);
    if (state === undefined) throw new Error(`no part is called ${part}`);
    return state;
  }
}

/** As local/jsonfile reads it. A set of single answers has no column `rejected` at all. */
function lineOf({ prompt, chosen, rejected }: DataRow): string {
  return `${JSON.stringify(rejected === null ? { prompt, chosen } : { prompt, chosen, rejected })}\n`;
}
