import { hostname, release } from "node:os";
import { practiceNode } from "@/server/cli/demo/run-practice";
import { freePort } from "@/server/free-port";
import { readPracticeServer } from "@/server/nodes/practice-server";
import { card } from "../fixtures/card";
import { confirmHostKey, enterAddress, practiceAddress, removeNode } from "../fixtures/node-form";
import { expect, test } from "../fixtures/test";

test.describe("the practice node, removed and added by hand", () => {
  // The browser itself writes a line for every refused request: here, of the wrong password.
  test.use({ expectedConsole: ["status of 422"] });

  test("a node is added by its address once its host key is confirmed, and its GPUs are live", async ({
    page,
    product,
  }) => {
    await removeNode(page, "practice");
    await page.goto("/");
    await expect(page.getByRole("heading", { name: "First, add a node" })).toBeVisible();
    const address = await practiceAddress(page);
    const server = await readPracticeServer(product.dataDirectory);
    const fingerprint = server?.hostKey.fingerprint ?? "no server";

    await test.step("a wrong password says so and leads back to the form, where everything is kept", async () => {
      await enterAddress(page, { ...address, password: "not the password" });
      await confirmHostKey(page);
      await page.getByRole("button", { name: "Add node" }).click();
      const notice = page.getByRole("alert").filter({ hasText: "rejected the password of practice" });
      await expect(notice).toContainText("Check the user name and the password");
      await notice.getByRole("button", { name: "Change the credential" }).click();
      await expect(page.getByLabel("Name", { exact: true })).toHaveValue(address.name);
      await expect(page.getByLabel("Port")).toHaveValue(String(address.port));
    });

    await test.step("nothing can be sent before the host's key is confirmed", async () => {
      await page.getByLabel("Password", { exact: true }).fill(address.password);
      await page.getByRole("button", { name: "Check the host key" }).click();
      await expect(page.getByTestId("fingerprint")).toHaveText(fingerprint);
      await expect(page.getByText("No password has been sent yet.")).toBeVisible();
      for (const name of ["Test connection", "Add node"])
        await expect(page.getByRole("button", { name })).toBeDisabled();
      await confirmHostKey(page);
      await page.getByRole("button", { name: "Test connection" }).click();
      await expect(page.getByText("Logged in")).toBeVisible();
      await page.getByRole("button", { name: "Add node" }).click();
    });

    await test.step("the new node shows what it is made of, and its GPUs live", async () => {
      await expect(page.getByRole("heading", { name: "practice", level: 1 })).toBeVisible();
      await expect(page.getByText("online", { exact: true })).toBeVisible();
      await expect(card(page, "Inventory")).toContainText(fingerprint);
      await expect(card(page, "Inventory")).toContainText(hostname());
      await expect(card(page, "Inventory")).toContainText(release());
      const gpus = page.getByRole("list", { name: "GPUs" }).getByRole("listitem");
      await expect(gpus).toHaveCount(2);
      for (const gpu of await gpus.all()) await expect(gpu).toContainText(/\d+ %\s*\d+\s*of 16,384 MiB/);
    });
  });
});

test.describe("an address that does not work", () => {
  test.use({ expectedConsole: ["status of 400", "status of 503"] });

  test("a machine that is here already is refused at the field that names it", async ({ page, api }) => {
    const { name, host, port, username } = await practiceNode(api);
    await enterAddress(page, { name: "twice", host, port, username, password: "secret" });
    await confirmHostKey(page);
    await page.getByRole("button", { name: "Add node" }).click();
    await expect(page.getByLabel("IP address or host name")).toHaveAccessibleDescription(
      `${username}@${host}:${port} is already here as ${name}.`,
    );
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("twice");
  });

  test("a port where nothing listens says so, and can be corrected", async ({ page }) => {
    const port = await freePort();
    await enterAddress(page, { name: "", host: "127.0.0.1", port, username: "ubuntu", password: "secret" });
    const notice = page.getByRole("alert").filter({ hasText: "nothing listens on that port" });
    await expect(notice).toContainText(`127.0.0.1:${port} refused the connection`);
    await expect(notice).toContainText("the SSH server runs on the node");
    await expect(notice.getByRole("button", { name: "Try again" })).toBeEnabled();
    await expect(page.getByLabel("User name")).toHaveValue("ubuntu");
  });

  test("a name that nobody knows is told apart from a host that does not answer", async ({ page }) => {
    await enterAddress(page, {
      name: "",
      host: "no-such-node.invalid",
      port: 22,
      username: "ubuntu",
      password: "secret",
    });
    const notice = page.getByRole("alert").filter({ hasText: "no-such-node.invalid" });
    // Without any name server the look-up itself fails, which is a third message.
    await expect(notice).toContainText(/No host is known by the name|could not be looked up/);
  });

  test("a field that cannot be right is named before anything is sent", async ({ page }) => {
    await enterAddress(page, { name: "", host: "ubuntu@10.0.0.4", port: 70_000, username: "", password: "" });
    const field = (label: string) => page.getByLabel(label, { exact: true });
    await expect(field("IP address or host name")).toHaveAccessibleDescription(
      /without user, port or slashes/,
    );
    await expect(field("Port")).toHaveAccessibleDescription(/Ports go from 1 to 65535/);
    await expect(field("User name")).toHaveAccessibleDescription(/Enter the user name/);
    await expect(field("Password")).toHaveAccessibleDescription(/Enter the password/);
    await expect(page.getByTestId("fingerprint")).toBeHidden();
  });
});
