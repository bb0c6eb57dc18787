import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { type BareNode, bareNodeUnavailable, startBareNode } from "@/server/testing/bare-node";
import { card } from "../fixtures/card";
import { confirmHostKey } from "../fixtures/node-form";
import { removeNodeAndItsRuns } from "../fixtures/remove-node-and-its-runs";
import { openTab, pipeline, pointsOf, stageCard } from "../fixtures/run-page";
import { expect, test } from "../fixtures/test";

const JOB_MS = 60_000;
const CHECK_MS = 60_000;
const TRAINING_MS = 120_000;
const MODELS = ["facebook/opt-1.3b", "facebook/opt-350m"];
const BUNDLES = join(import.meta.dirname, "../../dist/practice");
const unavailable = bareNodeUnavailable();

/** Pairs of words that the practice programs know in part. */
function pairs(): string {
  return Array.from({ length: 120 }, (_, i) => {
    const prompt = `Human: Tell me about tea number ${i}. Assistant:`;
    return `${JSON.stringify({ prompt, chosen: `Sure! Number ${i}.`, rejected: "I do not know." })}\n`;
  }).join("");
}

test.describe("a machine that has nothing yet", () => {
  test.skip(unavailable !== null, unavailable ?? "");
  let node: BareNode;
  test.beforeAll(async () => {
    node = await startBareNode(BUNDLES);
  });
  test.afterEach(({ page }) => removeNodeAndItsRuns(page, { node: "bare machine", dataSet: "bare-pairs" }));
  test.afterAll(async () => node.stop());

  test("is added, prepared through a cut, trains a run to its end, and is left as it was", async ({
    page,
  }) => {
    test.setTimeout(2 * JOB_MS + 2 * CHECK_MS + TRAINING_MS + 60_000);
    const nodeId = await addNode(page, node);
    const readiness = card(page, "Readiness");
    const preparation = card(page, "Preparation");
    const step = (label: string) => preparation.getByRole("listitem").filter({ hasText: label });
    const line = (name: string) => readiness.getByRole("listitem", { name, exact: true });

    await test.step("its readiness says what is missing, and leads to preparing", async () => {
      await expect(line("DeepSpeedExamples: error")).toContainText("was not found", { timeout: CHECK_MS });
      await expect(line("torch sees 2 GPUs: error")).toContainText("torch is not installed in /usr/");
      await readiness.getByRole("link", { name: "Prepare this node" }).first().click();
      await expect(preparation.getByRole("button", { name: "Prepare node…" })).toBeInViewport();
    });

    await test.step("preparing shows its steps, and is cancelled in the middle of one", async () => {
      const held = node.server.hold("accelerate");
      await preparation.getByRole("button", { name: "Prepare node…" }).click();
      await fillSettings(preparation, node);
      await preparation.getByRole("button", { name: "Prepare this node" }).click();
      await held.isAskedFor;
      await expect(step("PyTorch")).toContainText(/done.*2\./);
      await expect(step("Packages")).toContainText("running");
      await preparation.getByRole("button", { name: "Cancel job" }).click();
      await expect(step("Packages")).toContainText("cancelled");
      await expect(preparation).toContainText("preparing again goes on from here");
      held.release();
    });

    await test.step("it goes on with what was left, to the end", async () => {
      await preparation.getByRole("button", { name: "Resume…" }).click();
      await preparation.getByRole("button", { name: "Prepare this node" }).click();
      await expect(step("Imports")).toContainText("done", { timeout: JOB_MS });
      for (const label of ["Virtual environment", "PyTorch"])
        await expect(step(label)).toContainText("was there");
      await expect(step("Packages")).toContainText("done");
      await expect(step("DeepSpeedExamples")).toContainText(node.commit);
      await expect(step("DeepSpeed operators")).toContainText("fused_adam, cpu_adam");
      await expect(step("Models")).toContainText("2 fetched");
      await preparation.getByRole("button", { name: "Show log" }).click();
      await expect(preparation.getByRole("region", { name: "Log" })).toContainText("import dschat: ok");
      await expect(preparation.getByRole("region", { name: "Log" })).not.toContainText(node.server.password);
    });

    await test.step("its readiness has no error left", async () => {
      await expect(line("DeepSpeedExamples: warning")).toContainText(node.commit.slice(0, 12), {
        timeout: CHECK_MS,
      });
      await expect(line("torch sees 2 GPUs: ok")).toContainText("sees 2 of 2 GPUs");
      await expect(line("deepspeed's ops: ok")).toContainText("fused_adam built");
      await expect(line("Hub or models: ok")).toContainText("2 models in the cache");
      await expect(readiness.getByRole("listitem", { name: /: error$/ })).toHaveText([]);
    });

    await test.step("a run of all three stages trains on it", async () => {
      await startRun(page, nodeId);
      for (const kind of ["sft", "reward", "ppo"] as const)
        await expect(stageCard(page, kind)).toContainText("succeeded", { timeout: TRAINING_MS });
      for (const [kind, chart] of [
        ["sft", "loss"],
        ["ppo", "reward"],
      ] as const) {
        await stageCard(page, kind).click();
        await expect.poll(() => pointsOf(page, chart)).toBeGreaterThan(2);
      }
      await openTab(page, "Configuration");
      await expect(page.getByText(`${node.homeDirectory}/.trainyard/env/venv`).first()).toBeVisible();
    });

    await test.step("uninstalling removes what preparing made, and nothing else", async () => {
      writeFileSync(join(node.homeDirectory, ".trainyard/env/notes.txt"), "mine");
      await page.goto(`/nodes/${nodeId}`);
      await preparation.getByRole("button", { name: "Uninstall…" }).click();
      await page.getByRole("button", { name: "Uninstall", exact: true }).click();
      await expect(step("Virtual environment")).toContainText(/done.*notes\.txt/, { timeout: JOB_MS });
      expect(readdirSync(join(node.homeDirectory, ".trainyard/env"))).toEqual(["notes.txt"]);
      expect(existsSync(join(node.homeDirectory, ".trainyard/runs"))).toBe(true);
      await expect(line("DeepSpeedExamples: error")).toBeVisible({ timeout: CHECK_MS });
    });
  });
});

/** By its address and a key, after a look at its fingerprint. @returns its id */
async function addNode(page: Page, { sshd }: BareNode): Promise<string> {
  await page.goto("/nodes/new");
  const field = (label: string) => page.getByLabel(label, { exact: true });
  await field("IP address or host name").fill(sshd.host);
  await field("Port").fill(String(sshd.port));
  await field("User name").fill(sshd.username);
  await field("Name").fill("bare machine");
  await field("Log in with").selectOption("Private key");
  await field("Private key").fill(sshd.privateKey);
  await page.getByRole("button", { name: "Check the host key" }).click();
  await expect(page.getByTestId("fingerprint")).toHaveText(sshd.hostKey().fingerprint);
  await confirmHostKey(page);
  await page.getByRole("button", { name: "Add node" }).click();
  await expect(page.getByText("online", { exact: true })).toBeVisible();
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

async function fillSettings(
  preparation: Locator,
  { server, repositoryUrl, commit }: BareNode,
): Promise<void> {
  const field = (label: string) => preparation.getByLabel(label, { exact: true });
  await field("Models").fill(MODELS.join("\n"));
  await field("Hub address").fill(server.hubUrl);
  await preparation.getByText("Python, index and proxy").click();
  await field("Index URL").fill(server.indexUrl);
  await field("Index user").fill(server.username);
  await field("Index password").fill(server.password);
  await preparation.locator("summary", { hasText: "DeepSpeedExamples" }).click();
  await field("Repository").fill(repositoryUrl);
  await field("Commit").fill(commit);
}

/** Of rows that are uploaded first, short, and without an evaluation: answers need a real torch. */
async function startRun(page: Page, nodeId: string): Promise<void> {
  await page.goto("/datasets");
  await page.getByLabel("Drop a file here, or choose one").setInputFiles({
    name: "bare-pairs.jsonl",
    mimeType: "application/octet-stream",
    buffer: Buffer.from(pairs()),
  });
  await page.getByRole("button", { name: "Upload" }).click();
  await page.getByRole("link", { name: "Start a run with it" }).click();
  await page.getByLabel("Name", { exact: true }).fill("On a bare machine");
  await page.getByLabel("Node", { exact: true }).selectOption(nodeId);
  for (const tab of ["Supervised fine-tuning", "Reward model", "RLHF, PPO"]) {
    await openTab(page, tab);
    await page.getByLabel("Epochs", { exact: true }).fill("1");
  }
  await openTab(page, "Evaluation");
  await page.getByRole("checkbox", { name: /When PPO has succeeded/ }).uncheck();
  await page.getByRole("button", { name: "Start RLHF run" }).click();
  await expect(pipeline(page)).toBeVisible();
}
