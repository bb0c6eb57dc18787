import { practiceNode } from "@/server/cli/demo/run-practice";
import { NodeView } from "@/server/contracts/nodes";
import { sshdUnavailable, startSshd } from "@/server/testing/sshd";
import { card } from "../fixtures/card";
import { expectAccessible } from "../fixtures/expect-accessible";
import { removeNode } from "../fixtures/node-form";
import { expect, test } from "../fixtures/test";

const ONE_CHECK = { timeout: 90_000 };

test("the practice node is ready, says so in four groups, and can be checked again", async ({
  page,
  api,
}) => {
  const { id } = await practiceNode(api);
  await page.goto(`/nodes/${id}`);
  const readiness = card(page, "Readiness");
  await expect(readiness.getByText(/checked (?:now|.+ ago)$/)).toBeVisible(ONE_CHECK);
  for (const title of ["System", "Storage", "Python and CUDA", "DeepSpeed-Chat"])
    await expect(readiness.getByRole("region", { name: title })).toBeVisible();
  for (const line of ["setsid: ok", "File transfer: ok", "Clock: ok", "deepspeed: not needed"])
    await expect(readiness.getByRole("listitem", { name: line, exact: true })).toBeVisible();
  await expect(readiness.getByRole("listitem", { name: /: error$/ })).toHaveCount(0);

  const before = (await api.get(`/nodes/${id}`, NodeView)).readiness?.checkedAt ?? "";
  await readiness.getByRole("button", { name: "Check again" }).click();
  await expect(readiness.getByText("checking, up to two minutes")).toBeVisible();
  await expect(readiness.getByText(/checked \d+ s ago|checked now/)).toBeVisible(ONE_CHECK);
  const after = (await api.get(`/nodes/${id}`, NodeView)).readiness?.checkedAt ?? "";
  expect(Date.parse(after)).toBeGreaterThan(Date.parse(before));
});

test("a bare node names what it lacks, worst first, with a fix for each", async ({ page, api }) => {
  test.skip(sshdUnavailable !== null, sshdUnavailable ?? "");
  test.setTimeout(180_000);
  const sshd = await startSshd();
  try {
    const { host, port, username, privateKey } = sshd;
    const credential = { method: "private_key", privateKey };
    const node = await api.post(
      "/nodes",
      { name: "bare", host, port, username, credential, hostKey: sshd.hostKey() },
      NodeView,
    );
    await page.goto(`/nodes/${node.id}`);
    const readiness = card(page, "Readiness");
    const examples = readiness.getByRole("listitem", { name: "DeepSpeedExamples: error" });
    await expect(examples).toContainText("was not found in the home directory", ONE_CHECK);
    await expect(readiness.getByRole("region").first()).toContainText(/not installed|not found|No Python/);
    await expect(readiness.getByRole("listitem").first()).toHaveAccessibleName(/: error$/);
    await expect(examples.getByRole("code")).toContainText("git clone");
    await expect(
      examples.getByRole("button", { name: "Copy the command for DeepSpeedExamples" }),
    ).toBeVisible();
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
      await expectAccessible(page, `the readiness list, ${colorScheme}`);
    }
    await examples.getByRole("button", { name: "Edit the node" }).click();
    await expect(page.getByRole("dialog")).toContainText("Virtual environment");
    await page.keyboard.press("Escape");

    await page.goto("/nodes");
    const row = page.getByRole("list", { name: "Nodes" }).getByRole("listitem").filter({ hasText: "bare" });
    await expect(row).toContainText(/\d+ errors?/);
    await page.goto("/");
    await expect(page.getByRole("article", { name: "Node bare" })).toContainText(/\d+ errors?/);
  } finally {
    await removeNode(page, "bare");
    await sshd.stop();
  }
});
