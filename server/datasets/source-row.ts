import { MAX_DATA_ROWS } from "../contracts/data-facts";
import { AppError } from "../errors";

/** Longest row, and longest stretch before the first one, in UTF-16 code units. */
export const MAX_ROW_CHARACTERS = 16_777_216;

/** A row of an uploaded file. `place` is where people find it: "line 12", "row 12". */
export type SourceRow =
  | { place: string; values: Readonly<Record<string, unknown>> }
  | { place: string; problem: string };

/** Nothing after this place can be read. */
export class UnreadableFile extends Error {
  readonly place: string;
  constructor(place: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "UnreadableFile";
    this.place = place;
  }
}

/** A parsed JSON value as a row. */
export function rowOf(place: string, text: string): SourceRow {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return { place, problem: `This is no valid JSON (${why}). Correct it or remove it.` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { place, problem: 'A row has to be an object, such as {"prompt": "…", "chosen": "…"}.' };
  }
  return { place, values: value as Record<string, unknown> };
}

export function tooManyRows(): AppError {
  const most = MAX_DATA_ROWS.toLocaleString("en-US");
  return new AppError("LIMIT", `The file has more than ${most} rows.`, {
    hint: "Split it, and upload the parts as data sets of their own.",
  });
}
