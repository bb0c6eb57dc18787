import type { RawPreview } from "../../contracts/data-previews";
import type { NodeConnection } from "../ssh";
import { KeptLooks } from "./kept-looks";
import { type PreviewPlace, previewData } from "./preview-data";

/** A preview is up to 3 MB. */
const MOST_KEPT = 8;
/** What could not be read may be there a moment later. */
const FAILED_KEPT_SECONDS = 60;

/** What was read over one connection. One is read at a time: each takes a channel, and the node's Python. */
export class DataPreviews {
  private readonly connection: NodeConnection;
  private readonly looks = new KeptLooks<RawPreview>({ mostKept: MOST_KEPT });

  private readonly failedKeptSeconds: number;

  constructor(connection: NodeConnection, { failedKeptSeconds = FAILED_KEPT_SECONDS } = {}) {
    this.connection = connection;
    this.failedKeptSeconds = failedKeptSeconds;
  }

  /**
   * What is no older than `maxAgeSeconds`, a failure no older than a minute, else read anew after those that asked before.
   * @throws AppError LIMIT (too many ask), those of previewData
   */
  async get(
    place: PreviewPlace,
    { name, rows, maxAgeSeconds }: { name: string; rows: number; maxAgeSeconds: number },
  ): Promise<RawPreview> {
    const ask = (seconds: number) =>
      this.looks.ask(
        JSON.stringify([name, rows, place]),
        () => previewData(this.connection, { place, name, rows }),
        seconds * 1000,
      );
    const kept = await ask(maxAgeSeconds);
    const isFailed = kept.failures.length > 0 && maxAgeSeconds > this.failedKeptSeconds;
    return isFailed ? ask(this.failedKeptSeconds) : kept;
  }
}
