import { RunView } from "@/server/contracts/runs";
import { expectAccessible } from "../fixtures/expect-accessible";
import { pipeline, runIdOf, stageCard } from "../fixtures/run-page";
import { expect, test } from "../fixtures/test";

const TRAINING_MS = 480_000;
const SUBJECTS = ["tea", "bread", "rain", "the moon"];

/** Two hundred pairs of words that the practice model knows in part; the first prompt is not in the usual form. */
function pairs(): string {
  return Array.from({ length: 200 }, (_, i) => {
    const question = `Tell me about ${SUBJECTS[i % SUBJECTS.length]} number ${i}.`;
    const prompt = i === 0 ? question : `Human: ${question} Assistant:`;
    return `${JSON.stringify({ prompt, chosen: `Sure! Number ${i}.`, rejected: "I do not know." })}\n`;
  }).join("");
}
const fileOf = (name: string, text: string) => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from(text),
});

test("a file is uploaded, looked at and trained on, on the practice node", async ({ page, api }) => {
  test.setTimeout(TRAINING_MS + 120_000);
  await page.goto("/datasets");
  await expect(page.getByRole("heading", { name: "No data set yet" })).toBeVisible();

  await page.getByLabel("Drop a file here, or choose one").setInputFiles(fileOf("My pairs.jsonl", pairs()));
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("my-pairs");
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByRole("heading", { name: "my-pairs", level: 1 })).toBeVisible();
  await expect(page.getByText("Prompts that were put into the form")).toBeVisible();
  await expect(page.getByRole("img", { name: /^Prompt, rows by tokens/ })).toBeVisible();
  await expect(
    page.getByRole("cell", { name: /^Human: Tell me about .+ Assistant:$/ }).first(),
  ).toBeVisible();
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page, `data set, ${colorScheme}`);
  }

  await page.getByRole("link", { name: "Start a run with it" }).click();
  await expect(page.getByRole("combobox", { name: "Data", exact: true })).toContainText(
    "my-pairs, version 1",
  );
  await page.getByRole("button", { name: "Start RLHF run" }).click();
  await expect(pipeline(page)).toBeVisible();
  const runId = runIdOf(page);
  await expect(stageCard(page, "sft")).toContainText("succeeded", { timeout: TRAINING_MS });
  const { stages } = await api.get(`/runs/${runId}`, RunView);
  const attemptId = stages.find(({ kind }) => kind === "sft")?.attempts[0]?.id;
  const log = await page.request.get(`/api/v1/attempts/${attemptId}/log?offset=0&length=100000`);
  expect(await log.text()).toMatch(/Creating dataset jsonfile for train_phase=1 size=\d+\n/);

  await test.step("it can be deleted once the run has ended", async () => {
    const remove = async () => {
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("button", { name: "Delete data set" }).click();
    };
    await page.goto("/datasets");
    await page.getByRole("link", { name: "my-pairs" }).click();
    await page.request.post(`/api/v1/runs/${runId}/stop`, {
      data: { graceSeconds: 0 },
      headers: { origin: new URL(page.url()).origin },
    });
    await expect
      .poll(async () => (await (await page.request.get(`/api/v1/runs/${runId}`)).json()).status, {
        timeout: TRAINING_MS,
      })
      .toMatch(/cancelled|succeeded|failed/);
    await remove();
    await expect(page.getByRole("heading", { name: "No data set yet" })).toBeVisible();
  });
});

test.describe("a file that is refused", () => {
  test.use({ expectedConsole: ["status of 400"] });

  test("is told with every bad row, its place and the fix", async ({ page }) => {
    await page.goto("/datasets");
    const text = `${pairs()}{"prompt": "x"\n{"prompt": "", "chosen": "a", "rejected": "b"}\n`;
    await page.getByLabel("Drop a file here, or choose one").setInputFiles(fileOf("bad.jsonl", text));
    await page.getByRole("button", { name: "Upload" }).click();
    const notice = page.getByRole("alert").filter({ hasText: "Nothing was changed" });
    await expect(notice).toContainText("line 201: This is no valid JSON");
    await expect(notice).toContainText("line 202: The prompt (prompt) is empty");
  });
});
