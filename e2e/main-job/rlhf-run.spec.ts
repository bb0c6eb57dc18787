import type { Page } from "@playwright/test";
import { RunView } from "@/server/contracts/runs";
import { type GpuFigures, gpuFigures } from "../fixtures/gpu-figures";
import { openTab, pipeline, pointsOf, runIdOf, stageCard } from "../fixtures/run-page";
import { expect, test } from "../fixtures/test";

const TRAINING_MS = 480_000;

test("the button starts a run that is watched live, from two browsers and over a reload, to its end", async ({
  page,
  openBrowser,
  api,
}) => {
  test.setTimeout(TRAINING_MS + 120_000);
  await page.goto("/");
  const tiles = page.getByRole("list", { name: "GPUs of practice" });
  await expect.poll(async () => (await gpuFigures(tiles)).length).toBe(2);
  const idle = await gpuFigures(tiles);
  await page.getByRole("link", { name: "Start RLHF run" }).click();
  await page.getByRole("button", { name: "Start RLHF run" }).click();
  await expect(pipeline(page)).toBeVisible();
  const runId = runIdOf(page);

  const other = await openBrowser();
  await other.goto(`/runs/${runId}`);
  for (const kind of ["sft", "reward"] as const)
    await expect(stageCard(page, kind)).toContainText(/running\s*step/, { timeout: TRAINING_MS });

  await test.step("it tells how long each stage still takes and, once the node has a price, what it costs", async () => {
    for (const kind of ["sft", "reward"] as const) {
      await expect(stageCard(page, kind)).toContainText(/\d+:\d\d so far/);
      await expect(stageCard(page, kind)).toContainText(/left.*ends \d\d:\d\d.*\d GPU h/);
    }
    await page.getByRole("link", { name: "set a price" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Price per GPU hour").fill("4.02");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
    await page.goto(`/runs/${runId}`);
    await expect(stageCard(page, "sft")).toContainText(/costs \d/);
    await expect(page.getByText(/^costs \d/).first()).toBeVisible();
    const { forecast } = await api.get(`/runs/${runId}`, RunView);
    expect(forecast.costSpent).toBeCloseTo(forecast.gpuHoursSpent * 4.02);
    expect(forecast.stages.find(({ stage }) => stage === "reward")?.basis).toMatch(/steps|actual/);
  });

  await test.step("memory and utilisation move beyond idle", async () => {
    const gpus = page.getByRole("list", { name: "GPUs", exact: true });
    const seen: GpuFigures[] = [];
    await expect
      .poll(async () => {
        seen.push(...(await gpuFigures(gpus)));
        return {
          memories: new Set(seen.map(({ memoryUsedMiB }) => memoryUsedMiB)).size > 1,
          utilizations: new Set(seen.map(({ utilizationPercent }) => utilizationPercent)).size > 1,
        };
      })
      .toEqual({ memories: true, utilizations: true });
    const highest = (figures: GpuFigures[], key: keyof GpuFigures) =>
      Math.max(...figures.map((one) => one[key]));
    expect(highest(seen, "memoryUsedMiB")).toBeGreaterThan(highest(idle, "memoryUsedMiB"));
    expect(highest(seen, "utilizationPercent")).toBeGreaterThan(highest(idle, "utilizationPercent"));
  });

  await test.step("the second browser shows the same status and numbers at the same time", async () => {
    const rows = (one: Page) => one.getByRole("list", { name: "GPUs", exact: true });
    await expect(async () => {
      const [own, others] = await Promise.all([page, other].map((one) => pipeline(one).textContent()));
      expect(own).toContain("running");
      expect(others).toEqual(own);
    }).toPass();
    await expect(async () => {
      const [own, others] = await Promise.all([page, other].map((one) => gpuFigures(rows(one))));
      expect(own).not.toEqual([]);
      expect(others).toEqual(own);
    }).toPass();
  });

  await test.step("a reload in the middle keeps charts, log and statuses", async () => {
    await stageCard(page, "sft").click();
    await expect.poll(() => pointsOf(page, "loss")).toBeGreaterThan(5);
    const points = await pointsOf(page, "loss");
    await page.reload();
    await expect.poll(() => pointsOf(page, "loss")).toBeGreaterThanOrEqual(points);
    await openTab(page, "Log");
    const log = page.getByRole("log");
    const line =
      (await log
        .getByText(/^Epoch: \d+, Step: \d+/)
        .first()
        .textContent()) ?? "";
    await page.reload();
    await page.getByRole("searchbox", { name: "Search the log" }).fill(line.trim());
    await expect(page.getByRole("form", { name: "Search the log" })).toContainText(/[1-9]/);
    expect((await api.get(`/runs/${runId}`, RunView)).status).toBe("running");
    await expect(stageCard(page, "sft")).toContainText(/running|succeeded/);
  });

  await test.step("all three stages finish, in both browsers", async () => {
    for (const kind of ["sft", "reward", "ppo"] as const)
      await expect(stageCard(page, kind)).toContainText("succeeded", { timeout: TRAINING_MS });
    await expect(async () => {
      const [own, others] = await Promise.all([page, other].map((one) => pipeline(one).textContent()));
      expect(others).toEqual(own);
    }).toPass();
    await stageCard(other, "ppo").click();
    const run = await api.get(`/runs/${runId}`, RunView);
    for (const kind of ["sft", "reward", "ppo"] as const)
      await expect(stageCard(page, kind)).toContainText(/estimated .+ at step 20, took .+ GPU h.*cost \d/);
    expect(run.forecast).toMatchObject({ secondsLeft: null, costExpected: run.forecast.costSpent });
    expect(run.forecast.stages.map(({ basis }) => basis)).toEqual(["actual", "actual", "actual"]);
    await expect.poll(() => pointsOf(other, "reward")).toBe(run.stages.at(-1)?.stepsDone);
    await stageCard(other, "sft").click();
    await openTab(other, "Log");
    await expect(other.getByText(/· complete$/)).toBeVisible();
    await other.goto("/");
    await expect.poll(() => gpuFigures(other.getByRole("list", { name: "GPUs of practice" }))).toEqual(idle);
  });
});
