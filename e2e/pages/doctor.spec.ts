import type { Locator, Page } from "@playwright/test";
import { card } from "../fixtures/card";
import { expectSound } from "../fixtures/expect-sound";
import { expect, test } from "../fixtures/test";

const EPOCHS = "Epochs";

async function openForm(page: Page, query = ""): Promise<Locator> {
  await page.goto(`/runs/new${query}`);
  await page.getByText("exactly what runs on the node").waitFor();
  return card(page, "Before it starts");
}
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const part = (page: Page, name: string) => page.getByRole("tab", { name: new RegExp(`^${name}`) });
const startButton = (page: Page) => page.getByRole("button", { name: "Start RLHF run" });

test("a fix changes its field and its finding goes; Undo stands in the same place, for the keyboard too", async ({
  page,
}) => {
  const findings = await openForm(page);
  await field(page, "How many").fill("9");
  const errors = findings.getByRole("region", { name: "Errors" });
  await expect(errors).toContainText("asks for 9 GPUs");
  const fix = errors.getByRole("button", { name: /^Use \d/ });
  await fix.focus();
  await page.keyboard.press("Enter");

  await expect(field(page, "How many")).not.toHaveValue("9");
  const undo = findings.getByRole("button", { name: /^Undo/ });
  await expect(undo).toBeFocused();
  await expect(errors).not.toContainText("asks for 9 GPUs");
  await expect(findings).not.toContainText("1 error");
  await expect(findings.getByRole("list", { name: "Changes" })).toContainText("GPUs 9 →");

  await page.keyboard.press("Enter");
  await expect(field(page, "How many")).toHaveValue("9");
  await expect(errors).toContainText("asks for 9 GPUs");
  await expect(fix).toBeFocused();
  await expect(findings).toContainText("1 error");
});

test("a fix is forgotten once its field was changed otherwise, also when the value comes back by hand", async ({
  page,
}) => {
  const findings = await openForm(page);
  const changes = findings.getByRole("list", { name: "Changes" });
  await field(page, "How many").fill("9");
  await findings.getByRole("button", { name: /^Use \d/ }).click();
  await expect(changes).toContainText("GPUs 9 →");
  const fixed = await field(page, "How many").inputValue();
  await field(page, "How many").fill("8");
  await expect(changes).toBeHidden();
  await field(page, "How many").fill(fixed);
  await expect(findings.getByText("ready")).toBeVisible();
  await expect(changes).toBeHidden();
});

test("several fixes are taken, and taken back, at one press", async ({ page }) => {
  const findings = await openForm(page);
  await field(page, "How many").fill("9");
  await part(page, "Reward model").click();
  await field(page, "How many").fill("9");
  await expect(findings).toContainText("2 errors");
  await findings.getByRole("button", { name: /^Apply \d fixes$/ }).click();
  await expect(findings).not.toContainText("error");
  await expect(field(page, "How many")).not.toHaveValue("9");
  await findings.getByRole("button", { name: /^Undo \d fixes$/ }).click();
  await expect(findings).toContainText("2 errors");
  await expect(field(page, "How many")).toHaveValue("9");
});

test("an error keeps Start from sending, says why beside the button, and leads to its field", async ({
  page,
}) => {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/api/v1/runs")) sent.push(request.url());
  });
  await openForm(page);
  await part(page, "Reward model").click();
  await field(page, EPOCHS).fill("0");
  await part(page, "Supervised fine-tuning").click();
  await expect(startButton(page)).toHaveAccessibleDescription(/^Reward model · Epochs: .*at least 1/);
  await startButton(page).click();
  await expect(part(page, "Reward model")).toHaveAttribute("aria-selected", "true");
  await expect(field(page, EPOCHS)).toBeFocused();
  await expect(field(page, EPOCHS)).toHaveAttribute("aria-invalid", "true");
  await expect(field(page, EPOCHS)).toHaveAccessibleDescription(/at least 1/);
  expect(sent).toEqual([]);
});

test("a key and Start at once: the answer to what was typed last decides", async ({ page }) => {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/api/v1/runs")) sent.push(request.url());
  });
  await openForm(page);
  await field(page, EPOCHS).fill("0");
  await page.keyboard.press("Control+Enter");
  await expect(field(page, EPOCHS)).toBeFocused();
  await expect(field(page, EPOCHS)).toHaveAttribute("aria-invalid", "true");
  expect(sent).toEqual([]);
});

test("a warning stands at its field and in its tab, and does not block; Show field finds it where it is hidden", async ({
  page,
}) => {
  const findings = await openForm(page, "?stage=ppo&fields=all");
  await field(page, "PPO epochs").fill("2");
  const warnings = findings.getByRole("region", { name: "Warnings" });
  await expect(warnings).toContainText("PPO epochs");
  await expect(warnings).toContainText("--ppo_epochs");
  await expect(field(page, "PPO epochs")).toHaveAccessibleDescription(/known to converge/);
  await expect(field(page, "PPO epochs")).not.toHaveAttribute("aria-invalid");
  await expect(part(page, "RLHF, PPO")).toHaveAccessibleName(/warning/);
  await expect(startButton(page)).not.toHaveAccessibleDescription(/./);

  await page
    .getByRole("radio", { name: "Basic" })
    .or(page.getByRole("button", { name: "Basic" }))
    .click();
  await part(page, "Supervised fine-tuning").click();
  await findings.getByRole("button", { name: "Show field RLHF, PPO, PPO epochs" }).click();
  await expect(part(page, "RLHF, PPO")).toHaveAttribute("aria-selected", "true");
  await expect(field(page, "PPO epochs")).toBeFocused();
  await expect(field(page, "PPO epochs")).toBeInViewport();
});

test("an answer to what no longer stands in the form is dropped, and what was found stays until the next", async ({
  page,
}) => {
  const findings = await openForm(page);
  const held: (() => void)[] = [];
  await page.route("**/api/v1/runs/preview", async (route) => {
    if (route.request().postData()?.includes('"num_train_epochs":9999')) {
      await new Promise<void>((release) => held.push(release));
    }
    await route.continue();
  });
  await field(page, EPOCHS).fill("0");
  await expect(findings).toContainText("at least 1");
  await field(page, EPOCHS).fill("9999");
  await expect.poll(() => held.length).toBe(1);
  await expect(findings).toContainText("at least 1");
  await field(page, EPOCHS).fill("1.5");
  for (const release of held) release();
  await expect(findings).toContainText("whole number");
  await expect(findings).not.toContainText("at least 1");
});

test("the counts are said once typing rests, not at every key", async ({ page }) => {
  await openForm(page);
  const said = page.getByRole("status").filter({ hasText: /error|warning|stands against/ });
  await expect(said).toHaveCount(1);
  await said.evaluate((element) => {
    const texts: string[] = [];
    Object.assign(window, { said: texts });
    new MutationObserver(() => texts.push(element.textContent ?? "")).observe(element, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await field(page, EPOCHS).fill("");
  await field(page, EPOCHS).pressSequentially("0.500", { delay: 60 });
  await expect(said).toHaveText(/^1 error/);
  expect(await page.evaluate(() => Reflect.get(window, "said"))).toHaveLength(1);
});

test.describe("a check that cannot be made", () => {
  test.use({ expectedConsole: ["Failed to load resource"] });

  test("calls nothing ready that nobody could look at", async ({ page }) => {
    await page.route("**/api/v1/runs/preview", (route) => route.abort());
    await page.goto("/runs/new");
    const findings = card(page, "Before it starts");
    await expect(findings).toContainText("Nothing could be checked.");
    await expect(findings).toContainText("not checked");
    await expect(page.getByText("ready", { exact: true })).toHaveCount(0);
    await page.unroute("**/api/v1/runs/preview");
    await findings.getByRole("button", { name: "Try again" }).first().click();
    await expect(findings).not.toContainText("Nothing could be checked.");
  });

  test("says so with the reason, keeps what was found, and can be tried again", async ({ page }) => {
    const findings = await openForm(page);
    await field(page, EPOCHS).fill("0");
    await expect(findings).toContainText("1 error");
    await page.route("**/api/v1/runs/preview", (route) => route.abort());
    await field(page, EPOCHS).fill("1");
    const checked = findings.getByRole("list", { name: "What is checked" });
    await expect(checked).toContainText("could not be checked. Trainyard does not answer.");
    await expect(findings).toContainText("1 error");
    await page.unroute("**/api/v1/runs/preview");
    await checked.getByRole("button", { name: "Try again" }).click();
    await expect(checked).not.toContainText("could not be checked");
    await expect(findings).not.toContainText("error");
  });
});

test("findings and taken fixes are sound in both themes, wide and narrow", async ({ page }) => {
  const findings = await openForm(page);
  await field(page, "How many").fill("9");
  await findings.getByRole("button", { name: /^Use \d/ }).click();
  await field(page, EPOCHS).fill("0");
  await part(page, "Reward model").click();
  await field(page, EPOCHS).fill("0");
  await expect(findings).toContainText("2 errors");
  await page.locator("details").evaluateAll((folds) => {
    for (const fold of folds) fold.setAttribute("open", "");
  });
  await expectSound(page);
});

test("on a phone the counts in the bar lead to the findings, and a finding to its field", async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const findings = await openForm(page);
  await field(page, EPOCHS).fill("0");
  await page.getByRole("link", { name: /^1 error/ }).click();
  const heading = findings.getByText("Before it starts", { exact: true });
  await expect(heading).toBeFocused();
  await expect(heading).toBeInViewport();
  await findings.getByRole("button", { name: /^Show field .*Epochs$/ }).click();
  await expect(field(page, EPOCHS)).toBeFocused();
  await expect(field(page, EPOCHS)).toBeInViewport();
});
