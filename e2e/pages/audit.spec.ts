import { expect, test } from "../fixtures/test";

test("an admin reads the trail from the settings, narrows it, and finds it whole", async ({
  page,
  finished,
}) => {
  await page.goto("/settings");
  await page.getByRole("link", { name: "Show the trail" }).click();
  await expect(page.getByRole("heading", { name: "Audit" })).toBeVisible();
  const launched = page.getByRole("row").filter({ hasText: "run.create" }).first();
  await expect(launched).toBeVisible();
  await page.getByLabel("Object: its kind or id").fill(finished.run.id);
  await expect(page).toHaveURL(/object=/);
  await expect(launched.getByRole("link")).toHaveAttribute("href", `/runs/${finished.run.id}`);
  await page.getByLabel("Who").fill("nobody of this name");
  await expect(page.getByRole("heading", { name: "No entry matches" })).toBeVisible();
  await page.getByRole("button", { name: "Show all entries" }).click();
  await expect(launched).toBeVisible();
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByRole("dialog")).toContainText("entries are as they were written");
});

test("the trail is exported as it is shown", async ({ page, finished }) => {
  await page.goto(`/settings/audit?object=${finished.run.id}`);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^audit-\d{4}-\d\d-\d\d\.csv$/);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString().trim().split("\r\n");
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines.slice(1)) expect(line).toContain(finished.run.id);
});
