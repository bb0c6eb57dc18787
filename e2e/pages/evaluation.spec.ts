import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { z } from "zod";
import { formatScore } from "@/components/evaluations/format-score";
import { promptParts } from "@/components/evaluations/prompt-text";
import { AnswerView } from "@/server/contracts/evaluations";
import { parseCsv } from "../fixtures/parse-csv";
import { expect, test } from "../fixtures/test";

const Exported = z.object({
  id: z.string(),
  results: z.array(
    z.object({
      prompt: z.string(),
      answers: z.array(AnswerView.omit({ promptIndex: true, modelKey: true }).extend({ model: z.string() })),
    }),
  ),
});

async function download(page: Page, name: string): Promise<string> {
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name }).click();
  return readFileSync(await (await downloading).path(), "utf8");
}

test("the answers of the three models are read side by side, copied and exported", async ({
  page,
  context,
  finished: { run, evaluation },
}) => {
  const { answers, models, prompts } = evaluation;
  expect(models.map(({ key }) => key)).toEqual(["baseline", "sft", "actor"]);
  expect(answers).toHaveLength(3 * prompts.length);
  await page.goto(`/runs/${run.id}`);
  await page.getByRole("link", { name: "Compare answers" }).click();
  await expect(page.getByRole("heading", { name: evaluation.name, level: 1 })).toBeVisible();
  const main = page.getByRole("main");
  for (const prompt of prompts) await expect(main).toContainText(promptParts(prompt).question);
  for (const { text, rewardScore } of answers) {
    await expect(main).toContainText(text);
    await expect(main).toContainText(formatScore(rewardScore));
  }

  await test.step("a copied answer is the whole answer", async () => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    const answerOf = (key: string) =>
      answers.find(({ promptIndex, modelKey }) => promptIndex === 0 && modelKey === key)?.text;
    const sft = models.find(({ key }) => key === "sft")?.label;
    await page.getByRole("button", { name: `Copy the answer of ${sft} to prompt 1`, exact: true }).click();
    await expect.poll(copied).toBe(answerOf("sft"));
    // By keys alone: into the first row, to the third column, copy.
    for (const key of ["j", "l", "l", "c"]) await page.keyboard.press(key);
    await expect.poll(copied).toBe(answerOf("actor"));
  });

  await test.step("the CSV holds every answer with its score", async () => {
    const [header = [], ...rows] = parseCsv(await download(page, "Export CSV"));
    const cells = rows.map((row) => new Map(header.map((name, column) => [name, row[column] ?? ""])));
    expect(rows).toHaveLength(answers.length);
    for (const { promptIndex, modelKey, text, rewardScore } of answers) {
      const row = cells.find(
        (one) => one.get("prompt_index") === `${promptIndex}` && one.get("model") === modelKey,
      );
      expect(row?.get("prompt")).toBe(prompts[promptIndex]);
      // A leading quote keeps a spreadsheet from running an answer as a formula.
      expect(row?.get("answer")?.replace(/^'(?=[=+\-@])/, "")).toBe(text);
      expect(Number(row?.get("reward_score"))).toBe(rewardScore);
    }
  });

  await test.step("the JSON is what the API says", async () => {
    const exported = Exported.parse(JSON.parse(await download(page, "Export JSON")));
    expect(exported.id).toBe(evaluation.id);
    expect(exported.results.map(({ prompt }) => prompt)).toEqual(prompts);
    const flat = exported.results.flatMap(({ answers: row }, promptIndex) =>
      row.map(({ model: modelKey, ...rest }) => ({ promptIndex, modelKey, ...rest })),
    );
    const order = (one: { promptIndex: number; modelKey: string }) => `${one.promptIndex} ${one.modelKey}`;
    const sorted = <T extends Parameters<typeof order>[0]>(all: T[]) =>
      all.toSorted((a, b) => order(a).localeCompare(order(b)));
    expect(sorted(flat)).toEqual(sorted(answers));
  });
});

test("a question of one's own is put to the models of a run, and deleted again", async ({
  page,
  finished: { run },
}) => {
  test.setTimeout(300_000);
  const question = "Human: How does a sundial work? Assistant:";
  await page.goto(`/evaluations/new?run=${run.id}`);
  const prompt = (number: number) => page.getByRole("textbox", { name: `Prompt ${number}`, exact: true });
  await prompt(1).fill(question);
  while (await prompt(2).isVisible()) await page.getByRole("button", { name: "Remove prompt 2" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Sundial");
  await page.getByRole("button", { name: "Start evaluation" }).click();
  await expect(page.getByRole("heading", { name: "Sundial", level: 1 })).toBeVisible();
  await expect(page.getByRole("main")).toContainText(promptParts(question).question);
  await expect(page.getByRole("main")).toContainText("succeeded", { timeout: 240_000 });
  await expect(page.getByRole("button", { name: /^Copy the answer of/ })).toHaveCount(3);

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete evaluation" }).click();
  await expect(page.getByRole("heading", { name: "Evaluations", level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "Sundial" })).toBeHidden();
});
