import type { z } from "zod";
import type { Context } from "../context";
import {
  type DataPreview,
  PreviewDataInput,
  type PreviewPart,
  type PreviewRow,
  type RawPart,
  type RawPreview,
} from "../contracts/data-previews";
import type { WorkerLink } from "../contracts/link";
import { nodeRow } from "../nodes/find-node";
import { findPreviewProblems } from "../recipes";
import { describeFailure } from "./describe-failure";
import { RowInspector } from "./inspect-rows";
import { judgeRows } from "./judge-rows";
import { approximateTokens } from "./token-lengths";

/** Others may be read before it, each in at most 70 s. */
const DEADLINE_MS = 160_000;

/**
 * The first rows of a data set of a hub or a place on a node, as training there would read them, looked at as uploaded
 * files are. What keeps them from training is a problem in the result.
 * @throws AppError NOT_FOUND, NODE_UNREACHABLE, PRECONDITION, LIMIT, TIMEOUT
 */
export async function previewData({
  ctx,
  link,
  input,
}: {
  ctx: Context;
  link: WorkerLink;
  input: { id: string } & z.input<typeof PreviewDataInput>;
}): Promise<DataPreview> {
  const { parameters, isBrief, ...asked } = PreviewDataInput.parse(input);
  const node = await nodeRow(ctx, input.id);
  const raw = await link.request(
    "nodes.previewData",
    { ...asked, nodeId: node.id },
    { deadlineMs: DEADLINE_MS },
  );
  const preview = dataPreview(raw, { name: asked.name, node: node.name });
  const findings = parameters === undefined ? [] : findPreviewProblems(parameters, [preview]);
  const parts = isBrief ? preview.parts.map((part) => ({ ...part, rows: [] })) : preview.parts;
  return { ...preview, parts, findings, nodeId: node.id, rowLimit: asked.rows };
}

/** Pure. */
export function dataPreview(
  raw: RawPreview,
  { name, node }: { name: string; node: string },
): Omit<DataPreview, "nodeId" | "rowLimit" | "findings"> {
  const parts = raw.parts.map(previewPart);
  const failures = raw.failures.map((failure) => describeFailure(failure, { name, node }));
  return {
    name,
    source: raw.source,
    readAt: raw.readAt,
    parts,
    problems: [...failures, ...judgeRows(raw.parts)],
  };
}

function previewPart(raw: RawPart): PreviewPart {
  const rows = raw.rows.map(previewRow);
  const inspector = new RowInspector();
  let isInspected = false;
  for (const { prompt, chosen, rejected, place } of rows) {
    if (prompt === null || chosen === null) continue;
    inspector.add({ prompt, chosen, rejected }, { place, isWrapped: false, isCut: false });
    isInspected = true;
  }
  return {
    ...raw,
    rows,
    hasPairs: rows.some(({ rejected }) => rejected !== null),
    report: isInspected ? inspector.report() : null,
  };
}

/** Without the blanks around its texts, as uploaded rows are shown. */
function previewRow(row: RawPart["rows"][number]): PreviewRow {
  const text = (value: string | null) => value?.trim() ?? null;
  const tokens = (value: string | null) => approximateTokens(value ?? "");
  const [prompt, chosen, rejected] = [text(row.prompt), text(row.chosen), text(row.rejected)];
  const promptTokens = tokens(prompt);
  const sequenceTokens = promptTokens + Math.max(tokens(chosen), tokens(rejected));
  return { ...row, prompt, chosen, rejected, promptTokens, sequenceTokens };
}
