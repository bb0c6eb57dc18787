import { ADMIN_PASSWORD } from "../fixtures/start-product";
import { expect, test } from "../fixtures/test";

test.describe("somebody who is not signed in", () => {
  test.use({ storageState: { cookies: [], origins: [] }, expectedConsole: ["status of 401"] });

  test("signs in and comes to the page that was asked for", async ({ page, product }) => {
    await page.goto("/runs?status=ended");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await page.getByLabel("E-mail").fill(product.admin.email);
    const password = page.getByLabel("Password", { exact: true });
    await password.fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "do not belong together" })).toBeVisible();
    await password.fill(ADMIN_PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { name: "Runs" })).toBeVisible();
    expect(new URL(page.url()).search).toBe("?status=ended");
  });
});
