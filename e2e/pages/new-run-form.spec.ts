import { readFileSync } from "node:fs";
import { card } from "../fixtures/card";
import { openTab } from "../fixtures/run-page";
import { expect, test } from "../fixtures/test";

test.describe("a value that cannot be", () => {
  // The browser itself writes a line for the refused start.
  test.use({ expectedConsole: ["status of 400"] });

  test("is refused at its field, and nothing else that was typed is lost", async ({ page }) => {
    await page.goto("/runs/new");
    const field = (label: string) => page.getByLabel(label, { exact: true });
    await field("Name").fill("Kept through a refusal");
    await field("Learning rate").fill("0.0123");
    await openTab(page, "Reward model");
    await field("Epochs").fill("0");
    await openTab(page, "RLHF, PPO");
    await field("Epochs").fill("2");
    await page.getByRole("button", { name: "Start RLHF run" }).click();

    await expect(page.getByRole("tab", { name: "Reward model" })).toHaveAttribute("aria-selected", "true");
    await expect(field("Epochs")).toBeFocused();
    await expect(field("Epochs")).toHaveAttribute("aria-invalid", "true");
    await expect(field("Epochs")).toHaveAccessibleDescription(/\b1\b/);
    await expect(card(page, "Before it starts")).toContainText("1 error");
    await expect(card(page, "Before it starts")).toContainText("Epochs--num_train_epochs");
    await expect(page).toHaveURL(/\/runs\/new/);

    await expect(field("Name")).toHaveValue("Kept through a refusal");
    await openTab(page, "RLHF, PPO");
    await expect(field("Epochs")).toHaveValue("2");
    await openTab(page, "Supervised fine-tuning");
    await expect(field("Learning rate")).toHaveValue("0.0123");
    await page.reload();
    await expect(field("Name")).toHaveValue("Kept through a refusal");
    await expect(field("Learning rate")).toHaveValue("0.0123");
  });
});

test("the preview is exactly what would run, and can be taken along as a script", async ({ page }) => {
  await page.goto("/runs/new");
  await page.getByLabel("Learning rate", { exact: true }).fill("0.0123");
  const commands = card(page, "Commands");
  await expect(commands).toContainText("--learning_rate 0.0123");
  await expect(commands).toContainText("--data_path practice/helpful");
  const downloading = page.waitForEvent("download");
  await commands.getByRole("link", { name: "Script" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("practice-run.sh");
  const script = readFileSync(await download.path(), "utf8");
  expect(script).toMatch(/^#!/);
  expect(script).toContain("--learning_rate 0.0123");
});

test("a clone starts from the fields of its run", async ({ page, finished: { run } }) => {
  await page.goto(`/runs/new?clone=${run.id}`);
  const field = (label: string) => page.getByLabel(label, { exact: true });
  await expect(field("Name")).toHaveValue(`${run.name} (copy)`);
  for (const [tab, kind] of [
    ["Supervised fine-tuning", "sft"],
    ["Reward model", "reward"],
    ["RLHF, PPO", "ppo"],
  ] as const) {
    await openTab(page, tab);
    const { fields, gpuCount } = run.parameters.stages[kind];
    await expect(field("Epochs")).toHaveValue(String(fields.num_train_epochs));
    await expect(field("How many")).toHaveValue(String(gpuCount));
    await expect(page.getByRole("list", { name: "Data sets" })).toHaveText(String(fields.data_path));
  }
  await openTab(page, "Evaluation");
  await expect(page.getByRole("textbox", { name: "Prompt 1" })).toHaveValue(
    run.parameters.evaluation.prompts[0] ?? "",
  );
});
