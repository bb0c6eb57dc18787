import { truncateSync } from "node:fs";
import { join } from "node:path";
import { RunView } from "@/server/contracts/runs";
import { openTab, runIdOf, stageCard } from "../fixtures/run-page";
import { expect, test } from "../fixtures/test";

const TRAINING_MS = 240_000;

test("a run that was stopped says so, and goes on from the stages that are retried", async ({
  page,
  api,
  finished,
}) => {
  test.setTimeout(2 * TRAINING_MS);
  await page.goto(`/runs/${finished.run.id}`);
  await page.getByRole("link", { name: "Clone", exact: true }).click();
  await page.getByLabel("Name", { exact: true }).fill("Stopped and retried");
  for (const tab of ["Reward model", "RLHF, PPO"]) {
    await openTab(page, tab);
    await page.getByLabel("Epochs", { exact: true }).fill("1");
  }
  await openTab(page, "Evaluation");
  await page.getByRole("checkbox", { name: /When PPO has succeeded/ }).uncheck();
  await page.getByRole("button", { name: "Start RLHF run" }).click();
  await expect(stageCard(page, "sft")).toContainText(/running\s*step/, { timeout: TRAINING_MS });
  const runId = runIdOf(page);

  await test.step("a log that is emptied on its node goes on as a second part, and the first can be read", async () => {
    await stageCard(page, "sft").click();
    await openTab(page, "Log");
    const lines = page.getByRole("log", { name: "Log" });
    await expect(lines).toContainText("\n");
    const { stages } = await api.get(`/runs/${runId}`, RunView);
    const attempt = stages.find(({ kind }) => kind === "sft")?.attempts.at(-1);
    truncateSync(join(attempt?.directory ?? "", "training.log"));
    await expect(page.getByText("The file began anew on the node")).toBeVisible();
    const parts = page.getByLabel("Part of the log");
    await parts.focus();
    await page.keyboard.press("ArrowUp");
    await expect(page.getByText("This part ends where the file was replaced or emptied")).toBeVisible();
    await expect(parts).toBeFocused();
    await page.reload();
    await expect(parts.locator("option:checked")).toContainText("part 1 of 2");
    const address = await page.getByRole("link", { name: "Download" }).getAttribute("href");
    expect(address).toBe(`/api/v1/attempts/${attempt?.id}/log?download=1&generation=0`);
    await parts.selectOption({ label: "part 2 of 2, newest" });
    await expect(page.getByRole("button", { name: "Following" })).toBeVisible();
  });

  await test.step("the whole run is stopped", async () => {
    await page.getByRole("button", { name: "Stop run" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByLabel("End by force").selectOption("at once");
    await dialog.getByRole("button", { name: "Stop run" }).click();
    for (const kind of ["sft", "ppo"] as const)
      await expect(stageCard(page, kind)).toContainText("cancelled");
    await expect(page.getByRole("button", { name: "Delete", exact: true })).toBeVisible();
    expect((await api.get(`/runs/${runId}`, RunView)).status).toBe("cancelled");
    // The reward model may have been done already: the page then opens with it.
    await stageCard(page, "sft").click();
    await openTab(page, "Events");
    await expect(page.getByRole("row").last()).toContainText("cancelled");
  });

  await test.step("what was stopped is retried, and the pipeline goes on to its end", async () => {
    const before = await api.get(`/runs/${runId}`, RunView);
    for (const { kind, status } of before.stages) {
      if (kind === "ppo" || status === "succeeded") continue;
      await stageCard(page, kind).click();
      await page.getByRole("button", { name: "Retry stage" }).click();
      await expect(stageCard(page, kind)).not.toContainText("cancelled");
    }
    await expect(stageCard(page, "ppo")).toContainText("succeeded", { timeout: TRAINING_MS });
    const after = await api.get(`/runs/${runId}`, RunView);
    expect(after.status).toBe("succeeded");
    expect(after.stages.find(({ kind }) => kind === "sft")?.attempts.map(({ status }) => status)).toEqual([
      "cancelled",
      "succeeded",
    ]);
    await stageCard(page, "sft").click();
    await expect(page.getByLabel("Attempt").locator("option")).toHaveText([
      "attempt 1, cancelled",
      "attempt 2, succeeded",
    ]);
  });
});
