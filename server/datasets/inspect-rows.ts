import { createHash } from "node:crypto";
import type { DataFinding, DataReport, DataRow } from "../contracts/data-sets";
import type { RowMarks } from "./parse-row";
import { approximateTokens, LengthCounter, TOKEN_METHOD } from "./token-lengths";

const MAX_PLACES = 5;
/** In the order in which they are shown. */
const FINDINGS = {
  emptyChosen: { severity: "warning", message: "Empty chosen answers: the model learns to say nothing." },
  emptyRejected: {
    severity: "warning",
    message: "Empty rejected answers: nothing is compared with the chosen one.",
  },
  equalAnswers: {
    severity: "warning",
    message: "Chosen and rejected are the same: the reward model learns nothing.",
  },
  duplicateRows: { severity: "warning", message: "Rows that were there before, word for word." },
  unusualPrompts: { severity: "warning", message: "Prompts that are not in the form “Human: … Assistant:”." },
  duplicatePrompts: { severity: "note", message: "Prompts that were there before, with other answers." },
  cutChats: {
    severity: "warning",
    message: "Chats that end with a person's turn: it was left out, since no answer follows it.",
  },
  wrappedPrompts: { severity: "note", message: "Prompts that were put into the form “Human: … Assistant:”." },
} as const satisfies Record<string, Pick<DataFinding, "severity" | "message">>;
type FindingKey = keyof typeof FINDINGS;

/** Looks at rows as they pass by and keeps figures only. */
export class RowInspector {
  private readonly found = new Map<FindingKey, { count: number; places: string[] }>();
  private readonly prompts = new Set<number>();
  private readonly rows = new Set<number>();
  private readonly lengths = {
    prompt: new LengthCounter(),
    chosen: new LengthCounter(),
    rejected: new LengthCounter(),
    sequence: new LengthCounter(),
  };
  private hasPairs = false;

  add(row: DataRow, { place, isWrapped, isCut }: RowMarks & { place: string }): void {
    const { prompt, chosen, rejected } = row;
    if (chosen === "") this.note("emptyChosen", place);
    if (rejected === "") this.note("emptyRejected", place);
    if (rejected !== null && rejected !== "" && rejected === chosen) this.note("equalAnswers", place);
    if (isCut) this.note("cutChats", place);
    if (isWrapped) this.note("wrappedPrompts", place);
    if (!/^Human:[\s\S]*Assistant:$/.test(prompt)) this.note("unusualPrompts", place);
    this.noteDuplicates(row, place);
    this.measure(row);
  }

  report(): DataReport {
    const keys = Object.keys(FINDINGS) as FindingKey[];
    const findings = keys.flatMap((key) => {
      const found = this.found.get(key);
      return found === undefined ? [] : [{ ...FINDINGS[key], ...found }];
    });
    const { prompt, chosen, rejected, sequence } = this.lengths;
    return {
      findings,
      tokens: {
        method: TOKEN_METHOD,
        prompt: prompt.summary(),
        chosen: chosen.summary(),
        rejected: this.hasPairs ? rejected.summary() : null,
        sequence: sequence.summary(),
      },
    };
  }

  private note(key: FindingKey, place: string): void {
    const found = this.found.get(key) ?? { count: 0, places: [] };
    found.count += 1;
    if (found.places.length < MAX_PLACES) found.places.push(place);
    this.found.set(key, found);
  }

  private noteDuplicates({ prompt, chosen, rejected }: DataRow, place: string): void {
    const promptKey = fingerprint([prompt]);
    const rowKey = fingerprint([prompt, chosen, rejected ?? ""]);
    if (this.rows.has(rowKey)) this.note("duplicateRows", place);
    else if (this.prompts.has(promptKey)) this.note("duplicatePrompts", place);
    this.rows.add(rowKey);
    this.prompts.add(promptKey);
  }

  private measure({ prompt, chosen, rejected }: DataRow): void {
    const tokens = {
      prompt: approximateTokens(prompt),
      chosen: approximateTokens(chosen),
      rejected: rejected === null ? 0 : approximateTokens(rejected),
    };
    this.lengths.prompt.add(tokens.prompt);
    this.lengths.chosen.add(tokens.chosen);
    if (rejected !== null) {
      this.hasPairs = true;
      this.lengths.rejected.add(tokens.rejected);
    }
    this.lengths.sequence.add(tokens.prompt + Math.max(tokens.chosen, tokens.rejected));
  }
}

/** 48 bits: a million rows collide with a chance of 1 in 560, and then one count is one too high. */
function fingerprint(parts: readonly string[]): number {
  return createHash("sha256").update(parts.join("\u0000")).digest().readUIntBE(0, 6);
}
