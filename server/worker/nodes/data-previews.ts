import type { RawPreview } from "../../contracts/data-previews";
import type { NodeConnection } from "../ssh";
import { KeptLooks } from "./kept-looks";
import { type PreviewPlace, previewData } from "./preview-data";

/** A preview is up to 3 MB. */
const MOST_KEPT = 8;

/** What was read over one connection. One is read at a time: each takes a channel, and the node's Python. */
export class DataPreviews {
  private readonly connection: NodeConnection;
  private readonly looks = new KeptLooks<RawPreview>({ mostKept: MOST_KEPT });

  constructor(connection: NodeConnection) {
    this.connection = connection;
  }

  /**
   * What is no older than `maxAgeSeconds`, else read anew after those that asked before.
   * @throws AppError LIMIT (too many ask), those of previewData
   */
  get(
    place: PreviewPlace,
    { name, rows, maxAgeSeconds }: { name: string; rows: number; maxAgeSeconds: number },
  ): Promise<RawPreview> {
    return this.looks.ask(
      JSON.stringify([name, rows, place]),
      () => previewData(this.connection, { place, name, rows }),
      maxAgeSeconds * 1000,
    );
  }
}
