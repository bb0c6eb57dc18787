import { afterEach, beforeEach, expect, it } from "vitest";
import type { Database } from "../db";
import { parseCheckoutFlags } from "../recipes";
import { createTestDatabase, testContext } from "../testing/database";
import { getRecipeOfNode } from "./get-recipe-of-node";
import { previewRun } from "./preview-run";
import { createTestNode, runInput } from "./run-fixtures";

let db: Database;
let ctx: ReturnType<typeof testContext>;
beforeEach(async () => {
  db = await createTestDatabase();
  ctx = testContext(db);
});
afterEach(() => db.close());

const recipeOf = (nodeId?: string) => getRecipeOfNode({ ctx, input: { id: "deepspeed-chat", nodeId } });

/** A checkout whose first step knows these flags. */
async function storeSftFlags(nodeId: string, names: readonly string[]) {
  const read = parseCheckoutFlags(
    JSON.stringify({
      hash: "c".repeat(64),
      programs: {
        "training/step1_supervised_finetuning": names.map((name) => ({
          flag: `--${name}`,
          type: "str",
          from: "training/step1_supervised_finetuning/main.py",
        })),
      },
    }),
  );
  if (read === null) throw new Error("no such output");
  await ctx.db.prisma.nodeCheckout.create({
    data: { nodeId, commit: "d".repeat(40), contentHash: read.hash, flags: read.flags },
  });
}

it("the form of a node has the flags of its own checkout, else the shipped ones", async () => {
  const { nodeId } = await createTestNode(ctx);
  expect(await recipeOf(nodeId)).toEqual(await recipeOf());
  await storeSftFlags(nodeId, ["model_name_or_path", "own_flag"]);
  const recipe = await recipeOf(nodeId);
  const fields = recipe.stages.find(({ kind }) => kind === "sft")?.fields ?? [];
  expect(recipe.checkout).toMatchObject({ nodeId, commit: "d".repeat(40) });
  expect(fields.at(-1)).toMatchObject({ name: "own_flag", group: "advanced" });
  expect(fields.find(({ name }) => name === "learning_rate")?.isAbsent).toBe(true);
});

it("a node that is not there has no form", async () => {
  await expect(recipeOf("00000000-0000-4000-8000-000000000009")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it("a flag that the checkout lacks is refused when set, left out where Trainyard sets it; its own is passed", async () => {
  const { nodeId } = await createTestNode(ctx);
  await storeSftFlags(nodeId, ["model_name_or_path", "data_path", "output_dir", "own_flag"]);
  const { name, recipe, parameters } = runInput(nodeId);
  parameters.stages.sft.fields = {
    model_name_or_path: "practice/tiny-lm",
    own_flag: "yes",
    weight_decay: 0.1,
  };
  const preview = await previewRun({ ctx, input: { name, recipe, nodeId, parameters } });
  const errors = preview.findings.filter(({ severity }) => severity === "error");
  expect(errors.map(({ path }) => path)).toEqual(["stages.sft.fields.weight_decay"]);
  const argv = preview.commands[0]?.command.argv ?? [];
  expect(argv).toContain("--own_flag");
  expect(argv).toContain("--output_dir");
  expect(argv).not.toContain("--print_loss");
});
