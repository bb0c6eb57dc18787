import type { Page } from "@playwright/test";
import { open, PAGES, pageCalled } from "../fixtures/every-page";
import { expectAccessible } from "../fixtures/expect-accessible";
import { expect, test } from "../fixtures/test";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;

const DIALOGS = [
  { on: "node", button: "Edit" },
  { on: "run, charts", button: "Delete" },
  { on: "evaluation", button: "Keyboard shortcuts" },
  { on: "settings", button: "Create token" },
] as const;

/** Both themes and both sizes: nothing that axe calls serious, nothing that sticks out to the side. */
async function expectSound(page: Page): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
      await expectAccessible(page, `${page.url()} at ${size.width} px, ${colorScheme}`);
    }
    const excess = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await expect.poll(excess, `pixels that stick out at ${size.width} px`).toBeLessThanOrEqual(0);
  }
}

for (const one of PAGES) {
  test(`${one.name}: sound in both themes, wide and narrow`, async ({ page, finished }) => {
    await open(page, one, finished);
    // What is folded away has to be sound as well.
    await page.locator("details").evaluateAll((folds) => {
      for (const fold of folds) fold.setAttribute("open", "");
    });
    await expectSound(page);
  });
}

for (const { on, button } of DIALOGS) {
  test(`${on}, ${button}: the dialog is sound in both themes, wide and narrow`, async ({
    page,
    finished,
  }) => {
    await open(page, pageCalled(on), finished);
    await page.getByRole("button", { name: button, exact: true }).click();
    await expect(page.getByRole("dialog").or(page.getByRole("alertdialog"))).toBeVisible();
    await expectSound(page);
  });
}

test.describe("an address that belongs to no page", () => {
  test.use({ expectedConsole: ["status of 404"] });

  test("is sound in both themes, wide and narrow", async ({ page }) => {
    await page.goto("/no/such/page");
    await expect(page.getByRole("heading", { name: "Nothing here" })).toBeVisible();
    await expectSound(page);
  });
});

test.describe("signed out", () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test("the sign-in page is sound in both themes, wide and narrow", async ({ page }) => {
    await page.goto("/sign-in");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await expectSound(page);
  });
});
