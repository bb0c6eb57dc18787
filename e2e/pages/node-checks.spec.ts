import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { z } from "zod";
import { practiceNode } from "@/server/cli/demo/run-practice";
import { NodeView } from "@/server/contracts/nodes";
import { RunSummary } from "@/server/contracts/runs";
import { sshdUnavailable, startSshd } from "@/server/testing/sshd";
import { startTcpProxy } from "@/server/testing/tcp-proxy";
import { card } from "../fixtures/card";
import { expectSound } from "../fixtures/expect-sound";
import { removeNode } from "../fixtures/node-form";
import { expect, test } from "../fixtures/test";

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const findingsOf = (page: Page) => card(page, "Before it starts");
const whoChecked = (page: Page) => findingsOf(page).getByRole("list", { name: "What is checked" });
const startButton = (page: Page) => page.getByRole("button", { name: "Start RLHF run" });

/** Notes of starts that were sent. */
function watchStarts(page: Page): string[] {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/api/v1/runs")) sent.push(request.url());
  });
  return sent;
}
function writeModel(directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const file of ["config.json", "model.safetensors", "tokenizer.json"])
    writeFileSync(join(directory, file), "{}");
}

test("a model that the node lacks stands as an error at its field and keeps Start back, until it is there", async ({
  page,
  api,
}) => {
  test.skip(sshdUnavailable !== null, sshdUnavailable ?? "");
  test.setTimeout(180_000);
  const sshd = await startSshd();
  const proxy = await startTcpProxy(sshd);
  const model = join(sshd.homeDirectory, "models", "tiny-opt");
  try {
    const { username, privateKey } = sshd;
    const { host, port } = proxy;
    const credential = { method: "private_key", privateKey };
    const settings = { env: { HF_HUB_OFFLINE: "1" } };
    const { id } = await api.post(
      "/nodes",
      { name: "checked", host, port, username, credential, hostKey: sshd.hostKey(), settings },
      NodeView,
    );
    await expect.poll(async () => (await api.get(`/nodes/${id}`, NodeView)).inventory).not.toBeNull();
    const sent = watchStarts(page);
    await page.goto(`/runs/new?node=${id}`);
    await field(page, "Model").fill(model);
    await expect(field(page, "Model")).toHaveAccessibleDescription(
      new RegExp(`checked has no directory ${model}`),
    );
    await expect(field(page, "Model")).toHaveAttribute("aria-invalid", "true");
    await expect(findingsOf(page)).toContainText("offline mode is on (HF_HUB_OFFLINE)");
    await startButton(page).click();
    expect(sent).toEqual([]);

    await test.step("a right path takes the error away", async () => {
      writeModel(`${model}-2`);
      await field(page, "Model").fill(`${model}-2`);
      await expect(field(page, "Model")).not.toHaveAttribute("aria-invalid");
      await whoChecked(page).getByText("What was found on checked").click();
      await expect(whoChecked(page)).toContainText(`${model}-2 holds a model and its tokenizer`);
      await expect(whoChecked(page)).toContainText(/has \d[\d.,]* GiB of \d[\d.,]* GiB free/);
      await expectSound(page);
      await page.setViewportSize({ width: 1440, height: 900 });
    });

    await test.step("a node that cannot be asked says why", async () => {
      proxy.setRefusing(true);
      proxy.cutNow();
      await expect.poll(async () => (await api.get(`/nodes/${id}`, NodeView)).status).toBe("unreachable");
      await field(page, "Model").fill("/somewhere/else");
      await expect(whoChecked(page)).toContainText("checked could not be checked. The node is not connected");
      await expect(whoChecked(page)).toContainText("A run may be started all the same");
      await expect(field(page, "Model")).not.toHaveAttribute("aria-invalid");
      await expect(whoChecked(page).getByRole("button", { name: "Try again" })).toBeVisible();
    });
  } finally {
    await removeNode(page, "checked");
    await proxy.stop();
    await sshd.stop();
  }
});

test("the practice node answers too: its disk, and a folder of data that is not there", async ({
  page,
  api,
  product,
}) => {
  const { id, name } = await practiceNode(api);
  const rows = join(product.dataDirectory, "practice", "home", "rows-to-check");
  const sent = watchStarts(page);
  await page.goto(`/runs/new?node=${id}`);
  await page.getByRole("radio", { name: "Folder on the node" }).click();
  await field(page, "Data").fill("~/rows-to-check");
  const findings = findingsOf(page);
  await expect(findings).toContainText(`${name} has no directory ~/rows-to-check.`);
  await startButton(page).click();
  expect(sent).toEqual([]);
  try {
    mkdirSync(rows);
    writeFileSync(join(rows, "train.json"), "{}\n");
    await field(page, "Data").fill("~/rows-to-check/");
    await expect(findings).toContainText("~/rows-to-check holds no eval.json that can be read");
    writeFileSync(join(rows, "eval.json"), "{}\n");
    await field(page, "Data").fill("~/rows-to-check");
    await expect(findings).not.toContainText("holds no eval.json");
    // The files are there: what their rows lack is said without anybody asking.
    await expect(findings.getByRole("region", { name: "Errors" })).toContainText("prompt");
    const pair = { prompt: "\n\nHuman: Why? Assistant:", chosen: " Because.", rejected: " No." };
    for (const part of ["train", "eval"])
      writeFileSync(join(rows, `${part}.json`), `${JSON.stringify(pair)}\n`.repeat(20));
    await expect(findings.getByRole("region", { name: "Errors" })).toHaveCount(0);
    await findings.getByText(/^\d notes?$/).click();
    await expect(findings).toContainText(/at the moment 2\d{4} is free/);
  } finally {
    rmSync(rows, { recursive: true, force: true });
  }
});

test.describe("started before the node has answered", () => {
  test.use({ expectedConsole: ["status of 400"] });

  test("a folder that is not there refuses the run all the same", async ({ page, api }) => {
    const { id, name } = await practiceNode(api);
    const runs = async () =>
      (await api.get(`/runs?nodeId=${id}&limit=1`, z.object({ items: z.array(RunSummary) }))).items[0]?.id;
    const before = await runs();
    await page.goto(`/runs/new?node=${id}`);
    await page.getByRole("radio", { name: "Folder on the node" }).click();
    await field(page, "Data").fill("~/typed-and-started");
    await startButton(page).click();
    await expect(findingsOf(page)).toContainText(`${name} has no directory ~/typed-and-started.`);
    await expect(page).toHaveURL(/\/runs\/new/);
    expect(await runs()).toBe(before);
  });
});
