import type { RawPreview } from "../../contracts/data-previews";
import { AppError } from "../../errors";
import type { NodeConnection } from "../ssh";
import { type PreviewPlace, previewData } from "./preview-data";

const MAX_KEPT = 8;
const MAX_WAITING = 4;

/** What was read over one connection. One is read at a time: each takes a channel, and the node's Python. */
export class DataPreviews {
  private readonly connection: NodeConnection;
  private readonly kept = new Map<string, { at: number; preview: RawPreview }>();
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(connection: NodeConnection) {
    this.connection = connection;
  }

  /**
   * What is younger than `maxAgeSeconds`, else read anew after those that asked before.
   * @throws AppError LIMIT (too many ask), those of previewData
   */
  async get(
    place: PreviewPlace,
    { name, rows, maxAgeSeconds }: { name: string; rows: number; maxAgeSeconds: number },
  ): Promise<RawPreview> {
    if (this.waiting >= MAX_WAITING) {
      throw new AppError("LIMIT", "Other data sets are being read on this node.", {
        hint: "Try again in a minute.",
      });
    }
    this.waiting += 1;
    const next = this.last.then(() => this.read(place, { name, rows, maxAgeSeconds }));
    this.last = next.then(
      () => {},
      () => {},
    );
    return next.finally(() => {
      this.waiting -= 1;
    });
  }

  private async read(
    place: PreviewPlace,
    { name, rows, maxAgeSeconds }: { name: string; rows: number; maxAgeSeconds: number },
  ): Promise<RawPreview> {
    const key = JSON.stringify([name, rows, place]);
    const found = this.kept.get(key);
    if (found && performance.now() - found.at < maxAgeSeconds * 1000) return found.preview;
    const preview = await previewData(this.connection, { place, name, rows });
    this.kept.delete(key);
    this.kept.set(key, { at: performance.now(), preview });
    const [oldest] = this.kept.keys();
    if (this.kept.size > MAX_KEPT && oldest !== undefined) this.kept.delete(oldest);
    return preview;
  }
}
