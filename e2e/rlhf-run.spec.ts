import { expect, test } from "./fixtures/test";

test("the button starts a practice run whose three stages finish, and a reload keeps it", async ({
  page,
}) => {
  await page.goto("/");
  await expect(page.getByText("Practice GPU").first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole("link", { name: "Start RLHF run" }).click();
  await expect(page.getByRole("heading", { name: "New RLHF run" })).toBeVisible();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
  await page.reload();
  await expect(page.getByText("Supervised fine-tuning").first()).toBeVisible();
  await expect
    .poll(
      async () => {
        const id = new URL(page.url()).pathname.split("/").at(-1);
        const run = await (await page.request.get(`/api/v1/runs/${id}`)).json();
        return run.stages.map((stage: { status: string }) => stage.status).join(" ");
      },
      { timeout: 150_000, intervals: [1000] },
    )
    .toBe("succeeded succeeded succeeded");
});
