import { expect, it } from "vitest";
import type { DataPart } from "../contracts/data-facts";
import type { RawPart, RowUses } from "../contracts/data-previews";
import { judgeRows } from "./judge-rows";

const MISSING = "KeyError: 'rejected'";
function partOf(part: DataPart, uses: Partial<RowUses>, columns = ["prompt", "chosen"]): RawPart {
  const row = {
    ...{ place: "row 1", prompt: "p", chosen: "c", rejected: null, isCut: false },
    uses: { sft: true, reward: true, ppo: true, ...uses },
  };
  return {
    ...{ part, total: 1, isTotalExact: true, isShare: false, isWhole: true },
    ...{ columns, rows: [row] },
  };
}
const told = (...parts: RawPart[]) =>
  judgeRows(parts).map(({ code, part, stages, message }) => [
    code,
    part,
    stages.join(),
    message.split(":")[0],
  ]);

it("tells once what both parts lack in the same words", () => {
  const reward = { reward: MISSING };
  expect(told(partOf("train", reward), partOf("eval", reward))).toEqual([
    [
      "no_rejected_answers",
      null,
      "reward",
      "The training and evaluation rows have no column rejected, only prompt, chosen",
    ],
  ]);
});

it("tells of each part what is wrong with it alone", () => {
  const [train, evaluation] = [partOf("train", { reward: MISSING }), partOf("eval", {})];
  expect(told(train, evaluation).map(([, part]) => part)).toEqual(["train"]);
  const other = partOf("eval", { reward: MISSING }, ["prompt", "answer"]);
  expect(told(train, other).map(([, part]) => part)).toEqual(["train", "eval"]);
  const broken = { sft: "TypeError: no text" };
  expect(told(partOf("train", broken), partOf("eval", broken)).map(([, part]) => part)).toEqual([
    "train",
    "eval",
  ]);
});
