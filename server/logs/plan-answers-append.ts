import type pg from "pg";
import { EvaluationLine } from "../contracts/evaluations";
import { initialEvidence } from "../scalars";
import type { AppendInput, AppendPlan } from "./append-plan";
import type { AppendResult, FileCursor } from "./file-cursor";

const NEWLINE = 10;

/** Reads whole lines of an evaluation's `answers.jsonl`; the unfinished last one comes again with the next bytes. */
export function planAnswersAppend(cursor: FileCursor, { bytes, isComplete }: AppendInput): AppendPlan {
  const end = isComplete ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
  const lines: EvaluationLine[] = [];
  let corruptRecords = cursor.corruptRecords;
  for (const text of bytes.toString("utf8", 0, end).split("\n")) {
    if (text.trim() === "") continue;
    const line = parseLine(text);
    if (line === null) corruptRecords += 1;
    else lines.push(line);
  }
  return {
    offset: cursor.offset + end,
    corruptRecords,
    parserState: null,
    evidence: initialEvidence().evidence,
    write: (client) => storeAnswers(client, cursor.attemptId, lines),
  };
}

function parseLine(text: string): EvaluationLine | null {
  try {
    const parsed = EvaluationLine.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: the program was killed while it wrote, or something else writes into its file. Counted by the caller.
    return null;
  }
}

async function storeAnswers(
  client: pg.PoolClient,
  attemptId: string,
  lines: EvaluationLine[],
): Promise<Pick<AppendResult, "scalarCount" | "progress" | "answersChanged">> {
  const { rows } = await client.query<{ id: string; total: number }>(
    `SELECT e.id, jsonb_array_length(e.prompts) * jsonb_array_length(e.models) AS total
     FROM attempt a JOIN evaluation e ON e.id = a."evaluationId" WHERE a.id = $1`,
    [attemptId],
  );
  const evaluation = rows[0];
  if (evaluation === undefined) return { scalarCount: 0, progress: null, answersChanged: false };
  const answers = lines.filter((line) => line.type === "answer" || line.type === "score");
  for (const line of answers) {
    if (line.type === "answer") await storeAnswer(client, evaluation.id, line);
    else await storeScore(client, evaluation.id, line);
  }
  const done = await client.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM answer WHERE "evaluationId" = $1 AND "isComplete"',
    [evaluation.id],
  );
  const progress = { stepsDone: done.rows[0]?.count ?? null, stepsTotal: evaluation.total };
  return { scalarCount: 0, progress, answersChanged: answers.length > 0 };
}

async function storeAnswer(
  client: pg.PoolClient,
  evaluationId: string,
  line: Extract<EvaluationLine, { type: "answer" }>,
): Promise<void> {
  await client.query(
    `INSERT INTO answer ("evaluationId", "promptIndex", "modelKey", text, "isComplete", "tokenCount", "finishReason",
       "durationMs", "updatedAt")
     VALUES ($1, $2, $3, $4, $5, $6, $7, round($8::float8)::int, now())
     ON CONFLICT ("evaluationId", "promptIndex", "modelKey") DO UPDATE SET text = excluded.text,
       "isComplete" = excluded."isComplete", "tokenCount" = excluded."tokenCount",
       "finishReason" = excluded."finishReason", "durationMs" = excluded."durationMs", "updatedAt" = now()`,
    [
      evaluationId,
      line.promptIndex,
      line.model,
      // Postgres text holds no NUL.
      line.text.replaceAll("\u0000", ""),
      line.isComplete,
      line.tokenCount,
      line.finishReason,
      line.durationMs,
    ],
  );
}

async function storeScore(
  client: pg.PoolClient,
  evaluationId: string,
  line: Extract<EvaluationLine, { type: "score" }>,
): Promise<void> {
  await client.query(
    `INSERT INTO answer ("evaluationId", "promptIndex", "modelKey", text, "rewardScore", "updatedAt")
     VALUES ($1, $2, $3, '', $4, now())
     ON CONFLICT ("evaluationId", "promptIndex", "modelKey") DO UPDATE
       SET "rewardScore" = excluded."rewardScore", "updatedAt" = now()`,
    [evaluationId, line.promptIndex, line.model, line.rewardScore],
  );
}
