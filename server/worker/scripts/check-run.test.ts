import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RunCheckHome, WHOLE_MODEL } from "../../testing/run-check-home";

let at: RunCheckHome;
beforeEach(() => {
  at = new RunCheckHome();
});
afterEach(() => at.remove());

async function lookAt(kind: "path" | "hub", name: string, env: Record<string, string> = {}) {
  const { models } = await at.look({ words: [kind, name], env: { HF_HUB_OFFLINE: "1", ...env } });
  const [model] = models;
  if (!model) throw new Error(`nothing was found out about ${name}`);
  return { model, tokenizer: models[1] ?? null };
}

describe("check-run.sh", () => {
  it("tells room and the right to write where files will go, of the nearest directory that is there", async () => {
    mkdirSync(join(at.path, "big"));
    const { places, username, hasToken, isOffline } = await at.look({
      words: ["writes", "TMPDIR=~/scratch/tmp"],
      work: "~/big/runs/deep",
      env: { HF_HOME: `${at.path}/hf` },
    });
    const roles = places.map(({ role, path, nearest, isWritable }) => ({ role, path, nearest, isWritable }));
    expect(roles).toEqual([
      { role: "work", path: `${at.path}/big/runs/deep`, nearest: `${at.path}/big`, isWritable: true },
      { role: "hub", path: `${at.path}/hf/hub`, nearest: at.path, isWritable: true },
      { role: "TMPDIR", path: `${at.path}/scratch/tmp`, nearest: at.path, isWritable: true },
    ]);
    for (const { freeKiB, totalKiB, mount } of places) {
      expect(freeKiB).toBeGreaterThan(0);
      expect(totalKiB).toBeGreaterThan(freeKiB ?? Number.POSITIVE_INFINITY);
      expect(mount).toMatch(/^\//);
    }
    expect({ username: username !== null, hasToken, isOffline }).toEqual({
      username: true,
      hasToken: false,
      isOffline: false,
    });
    expect(spawnSync("find", [at.path, "-mindepth", "1"], { encoding: "utf8" }).stdout).toBe(
      `${at.path}/big\n`,
    );
  });

  it("names a port that nobody listens on and no unfinished attempt was given", async () => {
    const first = await at.look({ words: [] });
    const port = first.freePort ?? 0;
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(29_000);
    at.write(".trainyard/attempts/a/port", `${port}\n`);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port + 1, "127.0.0.1", resolve);
    });
    expect((await at.look({ words: [] })).freePort).toBe(port + 2);
    await new Promise((resolve) => server.close(resolve));
    at.write(".trainyard/attempts/a/exit", "0\n");
    expect((await at.look({ words: [] })).freePort).toBe(port);
  });

  it.each([
    ["true", true],
    ["1", true],
    ["0", false],
  ])("knows offline mode by HF_HUB_OFFLINE=%s", async (value, isOffline) => {
    expect((await at.look({ words: [], env: { HF_HUB_OFFLINE: value } })).isOffline).toBe(isOffline);
  });

  it("knows that a token is there, and shows it to nobody", async () => {
    at.write("hf/token", "hf_secret");
    const stored = await at.look({ words: [], env: { HF_HOME: "~/hf" } });
    const named = await at.look({ words: [], env: { HF_TOKEN: "hf_secret" } });
    expect([stored.hasToken, named.hasToken]).toEqual([true, true]);
    expect(JSON.stringify([stored, named])).not.toContain("hf_secret");
  });
});

describe("a model in a directory", () => {
  it.each<[string, Record<string, string>, object]>([
    ["weights in one file", WHOLE_MODEL, { hasConfig: true, weights: "model.safetensors", missing: null }],
    ["pytorch_model.bin", { "pytorch_model.bin": "w" }, { weights: "pytorch_model.bin", hasConfig: false }],
    ["no weights", { "config.json": "{}" }, { hasConfig: true, weights: null, tokenizer: null }],
    ["weights that are empty", { "model.safetensors": "" }, { missing: "model.safetensors" }],
    ["an empty config.json", { "config.json": "" }, { hasConfig: false }],
    ["vocab.json with merges.txt", { "vocab.json": "{}", "merges.txt": "a" }, { tokenizer: "vocab.json" }],
    ["vocab.json alone", { "vocab.json": "{}" }, { tokenizer: null }],
    ["a SentencePiece model", { "tokenizer.model": "x" }, { tokenizer: "tokenizer.model" }],
  ])("%s", async (_what, files, expected) => {
    for (const [file, text] of Object.entries(files)) at.write(`models/my opt/${file}`, text);
    const { model } = await lookAt("path", `${at.path}/models/my opt`);
    expect(model).toMatchObject({ state: "there", kind: "path", owner: null, ...expected });
  });

  it("in parts: each part that the index names has to be there", async () => {
    const parts = { a: "model-00001-of-00002.safetensors", b: "model-00002-of-00002.safetensors" };
    at.write("m/model.safetensors.index.json", JSON.stringify({ metadata: {}, weight_map: parts }));
    at.write(`m/${parts.a}`);
    const path = join(at.path, "m");
    expect((await lookAt("path", path)).model).toMatchObject({
      weights: "model.safetensors.index.json",
      missing: parts.b,
      weightsKiB: null,
    });
    at.write(`m/${parts.b}`);
    const { model } = await lookAt("path", path);
    expect(model.missing).toBeNull();
    expect(model.weightsKiB).toBeGreaterThan(0);
  });

  it("is not there, or is a file", async () => {
    expect((await lookAt("path", "/nowhere/opt")).model.state).toBe("absent");
    expect((await lookAt("path", at.write("opt.bin"))).model.state).toBe("no_directory");
  });

  it("says where ~ leads, which the program does not know", async () => {
    mkdirSync(join(at.path, "opt"));
    expect((await lookAt("path", "~/opt")).model).toMatchObject({
      name: "~/opt",
      directory: `${at.path}/opt`,
    });
  });

  it("has its tokenizer where its config.json says, not beside it", async () => {
    for (const [file, text] of Object.entries(WHOLE_MODEL)) at.write(`m/${file}`, text);
    at.write("m/config.json", '{\n  "_name_or_path": "facebook/opt-125m",\n  "vocab_size": 1\n}');
    const path = join(at.path, "m");
    const away = await lookAt("path", path);
    expect(away.tokenizer).toMatchObject({ name: "facebook/opt-125m", owner: path, state: "absent" });
    at.cacheModel("facebook/opt-125m", { "config.json": "{}", "tokenizer.json": "{}" });
    expect((await lookAt("path", path)).tokenizer).toMatchObject({ tokenizer: "tokenizer.json" });
    at.write("m/config.json", `{"_name_or_path": "${path}"}`);
    expect((await lookAt("path", path)).tokenizer).toBeNull();
  });
});

describe("a model of the hub's cache", () => {
  it("is there when the revision of refs/main is whole", async () => {
    at.cacheModel("facebook/opt-125m", WHOLE_MODEL);
    expect((await lookAt("hub", "facebook/opt-125m")).model).toMatchObject({
      state: "there",
      hasConfig: true,
      weights: "model.safetensors",
      tokenizer: "tokenizer.json",
    });
  });

  it.each([
    ["HF_HUB_CACHE", "elsewhere", "elsewhere"],
    ["HF_HOME", "elsewhere", "elsewhere/hub"],
    ["XDG_CACHE_HOME", "elsewhere", "elsewhere/huggingface/hub"],
  ])("follows %s", async (variable, value, hub) => {
    at.cacheModel("gpt2", WHOLE_MODEL, hub);
    expect((await lookAt("hub", "gpt2")).model.state).toBe("absent");
    expect((await lookAt("hub", "gpt2", { [variable]: join(at.path, value) })).model.state).toBe("there");
  });

  it("misses what a download that was cut off did not bring", async () => {
    at.cacheModel("gpt2", { "config.json": "{}" });
    at.write(".cache/huggingface/hub/models--gpt2/blobs/abc.incomplete", "x".repeat(40_000));
    const { model } = await lookAt("hub", "gpt2");
    expect(model).toMatchObject({ hasConfig: true, weights: null, tokenizer: null });
    expect(model.incompleteKiB).toBeGreaterThan(30);
  });

  it("counts a link without its blob as not there", async () => {
    at.cacheModel("gpt2", WHOLE_MODEL);
    rmSync(join(at.path, ".cache/huggingface/hub/models--gpt2/blobs/model.safetensors.blob"));
    expect((await lookAt("hub", "gpt2")).model.weights).toBeNull();
  });
});

describe("a hub's data set", () => {
  const look = async (name: string, env: Record<string, string> = {}) => {
    const { dataSets, places } = await at.look({
      words: ["data", name],
      env: { HF_HUB_OFFLINE: "1", ...env },
    });
    return { ...dataSets[0], cache: places.find(({ role }) => role === "HF_DATASETS_CACHE")?.path };
  };
  it.each([
    ["stanfordnlp/SHP", "stanfordnlp___shp"],
    ["Hello-SimpleAI/HC3-Chinese", "Hello-SimpleAI___hc3-chinese"],
    ["lab/myRowSet2B", "lab___my_row_set2_b"],
    ["mkqa", "mkqa"],
  ])("%s is kept as %s", async (name, folder) => {
    expect(await look(name)).toMatchObject({ state: "absent", sizeKiB: null });
    const cache = join(at.path, ".cache/huggingface/datasets");
    at.write(`.cache/huggingface/datasets/${folder}/default/0.0.0/5f0c.incomplete/dataset_info.json`);
    expect((await look(name)).state).toBe("absent");
    at.write(`.cache/huggingface/datasets/${folder}/default/0.0.0/5f0c/dataset_info.json`);
    const found = await look(name);
    expect(found).toMatchObject({ name, state: "there", directory: join(cache, folder), cache });
    expect(found.sizeKiB).toBeGreaterThan(0);
  });

  it.each([
    ["HF_DATASETS_CACHE", "elsewhere", "elsewhere"],
    ["HF_HOME", "elsewhere", "elsewhere/datasets"],
    ["XDG_CACHE_HOME", "elsewhere", "elsewhere/huggingface/datasets"],
  ])("follows %s", async (variable, value, cache) => {
    at.write(`${cache}/a___b/default/0.0.0/5f0c/dataset_info.json`);
    expect((await look("a/b")).state).toBe("absent");
    expect((await look("a/b", { [variable]: join(at.path, value) })).state).toBe("there");
  });
});

describe("a folder of data", () => {
  it("has the files that can be read and are not empty", async () => {
    at.write("rows/train.json");
    at.write("rows/eval.json", "");
    const { folders } = await at.look({
      words: ["folder", "~/rows", "folder", "/nowhere", "folder", at.write("f")],
    });
    expect(folders).toEqual([
      { path: "~/rows", state: "there", files: ["train.json"] },
      { path: "/nowhere", state: "absent", files: [] },
      { path: join(at.path, "f"), state: "no_directory", files: [] },
    ]);
  });
});
