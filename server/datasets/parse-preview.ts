import { z } from "zod";
import { DATA_PARTS, type DataPart } from "../contracts/data-facts";
import {
  PREVIEW_SOURCES,
  RawFailure,
  type RawPart,
  type RawPreview,
  RawRow,
} from "../contracts/data-previews";

const part = z.enum(DATA_PARTS);
/** What scripts/preview-data.py and preview-hub.py write, one object a line. */
const Line = z.discriminatedUnion("type", [
  z.object({ type: z.literal("source"), kind: z.enum(PREVIEW_SOURCES) }),
  z.object({
    type: z.literal("part"),
    part,
    total: z.number().int().nullable(),
    isExact: z.boolean(),
    isShare: z.boolean(),
  }),
  z.object({ type: z.literal("columns"), part, columns: z.array(z.string()) }),
  RawRow.extend({ type: z.literal("row"), part }),
  z.object({ type: z.literal("whole"), part }),
  z.looseObject({ type: z.literal("failure"), code: z.string(), part: part.nullable() }),
  z.object({ type: z.literal("end") }),
]);

/**
 * The lines of a preview as one object; a line that is none of ours is left out. `interrupted`: what to say when the last
 * line, `end`, has not come. Pure.
 */
export function parsePreview(
  output: string,
  { readAt, interrupted }: { readAt: string; interrupted: string },
): RawPreview {
  const preview: RawPreview = { source: null, readAt, parts: [], failures: [] };
  let isEnded = false;
  for (const text of output.split("\n")) {
    const line = readLine(text);
    if (line === null) continue;
    if (line.type === "end") isEnded = true;
    else if (line.type === "source") preview.source = line.kind;
    else if (line.type === "failure") preview.failures.push(failureOf(line));
    else addToPart(partOf(preview, line.part), line);
  }
  if (!isEnded) preview.failures.push({ code: interrupted, part: null, facts: {} });
  return preview;
}

function readLine(text: string): z.infer<typeof Line> | null {
  if (!text.startsWith("{")) return null;
  try {
    return Line.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Half a line, of a program that was ended.
    return null;
  }
}

function partOf({ parts }: RawPreview, name: DataPart): RawPart {
  const found = parts.find((one) => one.part === name);
  if (found) return found;
  const added: RawPart = {
    ...{ part: name, total: null, isTotalExact: false, isShare: false, isWhole: false },
    ...{ columns: [], rows: [] },
  };
  parts.push(added);
  return added;
}

function addToPart(to: RawPart, line: Extract<z.infer<typeof Line>, { part: DataPart }>): void {
  if (line.type === "part")
    Object.assign(to, { total: line.total, isTotalExact: line.isExact, isShare: line.isShare });
  else if (line.type === "columns") to.columns = line.columns;
  else if (line.type === "whole") to.isWhole = true;
  else if (line.type === "row") to.rows.push(RawRow.parse(line));
}

function failureOf({
  type: _,
  code,
  part: of,
  ...facts
}: Record<string, unknown> & { code: string }): RawFailure {
  return RawFailure.parse({ code, part: of ?? null, facts });
}
