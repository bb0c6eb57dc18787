import { open, PAGES, pageCalled } from "../fixtures/every-page";
import { expectLight } from "../fixtures/expect-light";
import { expectSound } from "../fixtures/expect-sound";
import { expect, test } from "../fixtures/test";
import { watchWeight } from "../fixtures/weigh-page";

const DIALOGS = [
  { on: "node", button: "Edit" },
  { on: "new run", button: "Preview rows" },
  { on: "run, charts", button: "Delete" },
  { on: "evaluation", button: "Keyboard shortcuts" },
  { on: "settings", button: "Create token" },
  { on: "audit", button: "Verify" },
] as const;

for (const one of PAGES) {
  test(`${one.name}: light, and sound in both themes, wide and narrow`, async ({ page, finished }) => {
    const weight = watchWeight(page);
    await open(page, one, finished);
    expectLight(one.name, await weight());
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
