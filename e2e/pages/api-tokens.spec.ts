import { expect, test } from "../fixtures/test";

test("a token made in settings opens the API until it is revoked", async ({ page, product }) => {
  const statusWith = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${product.origin}/api/v1/nodes`, { headers })).status;
  };
  await page.goto("/settings");
  await page.getByRole("button", { name: "Create token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("nightly import");
  await dialog.getByRole("button", { name: "Create token" }).click();
  await expect(dialog.getByRole("heading", { name: "Copy the token now" })).toBeVisible();
  const token = (await dialog.getByRole("code").textContent()) ?? "";
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(token)).toBeHidden();

  const row = page.getByRole("row").filter({ hasText: "nightly import" });
  await expect(row).toContainText("never");
  expect(await statusWith(token)).toBe(200);
  expect(await statusWith(`${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`)).toBe(401);
  await page.reload();
  await expect(row).toContainText(/ago|now/);

  await row.getByRole("button", { name: "Revoke nightly import" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke token" }).click();
  await expect(page.getByRole("alertdialog")).toBeHidden();
  await expect(row).toBeHidden();
  expect(await statusWith(token)).toBe(401);
});
