import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { RunCheckHome, WHOLE_MODEL } from "../../testing/run-check-home";

const hasPython = spawnSync("python3", ["--version"]).status === 0;

let at: RunCheckHome;
beforeEach(() => {
  at = new RunCheckHome();
});
afterEach(() => at.remove());

describe.skipIf(!hasPython)("ask-hub.py is asked about what is not on the node", () => {
  let hub: Server;
  let asked: { path: string; authorization: string | undefined }[];
  let status = 200;
  let body: unknown = {};
  beforeAll(async () => {
    hub = createServer((request, response) => {
      asked.push({ path: request.url ?? "", authorization: request.headers.authorization });
      response.statusCode = status;
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => hub.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    hub.close();
  });
  beforeEach(() => {
    asked = [];
    status = 200;
    body = {};
  });
  const env = () => ({ HF_ENDPOINT: `http://127.0.0.1:${(hub.address() as AddressInfo).port}` });

  it("how much would be downloaded, and whether it is gated", async () => {
    const file = (rfilename: string, size: number) => ({ rfilename, size });
    const siblings = [
      file("config.json", 9),
      file("model-1.safetensors", 700),
      file("model-2.safetensors", 300),
      file("pytorch_model.bin", 1000),
      file("onnx/model.safetensors", 5),
    ];
    body = { gated: "manual", siblings };
    const answer = await at.look({ words: ["hub", "meta-llama/Llama-2-7b-hf"], env: env() });
    expect(answer.hub).toEqual([
      {
        name: "meta-llama/Llama-2-7b-hf",
        endpoint: env().HF_ENDPOINT,
        status: 200,
        failure: null,
        isGated: true,
        bytes: 1000,
      },
    ]);
    expect(asked[0]).toEqual({
      path: "/api/models/meta-llama/Llama-2-7b-hf?blobs=true",
      authorization: undefined,
    });
  });

  it("with the token that a run would use, which comes back in no answer", async () => {
    at.write(".cache/huggingface/token", "hf_stored\n");
    const answer = await at.look({ words: ["hub", "a/b"], env: env() });
    expect(asked.map(({ authorization }) => authorization)).toEqual(["Bearer hf_stored"]);
    expect(JSON.stringify(answer)).not.toContain("hf_stored");
  });

  it.each([401, 404, 503])("status %i", async (code) => {
    status = code;
    expect((await at.look({ words: ["hub", "a/b"], env: env() })).hub).toMatchObject([
      { status: code, failure: null },
    ]);
  });

  it("not when it is there, not in offline mode, not without a Python", async () => {
    at.cacheModel("gpt2", WHOLE_MODEL);
    await at.look({ words: ["hub", "gpt2"], env: env() });
    await at.look({ words: ["hub", "a/b"], env: { ...env(), TRANSFORMERS_OFFLINE: "1" } });
    expect(asked).toEqual([]);
    const bin = join(at.path, "bin");
    const copy =
      'mkdir "$1"; for f in /usr/bin/* /bin/*; do case $f in */python*) ;; *) ln -s "$f" "$1" 2>/dev/null ;; esac; done';
    spawnSync("sh", ["-c", copy, "sh", bin]);
    expect((await at.look({ words: ["hub", "a/b"], env: env(), path: bin })).hub).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("and that one which takes the question in silence did not answer", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const { hub: said } = await at.look({
      words: ["hub", "a/b"],
      env: { HF_ENDPOINT: `http://127.0.0.1:${port}` },
    });
    silent.close();
    expect(said).toMatchObject([
      { name: "a/b", status: null, failure: expect.stringMatching(/no answer|timed out/) },
    ]);
  });

  it("and why nobody answers", async () => {
    const { hub: said } = await at.look({
      words: ["hub", "a/b"],
      env: { HF_ENDPOINT: "http://ada:secret@127.0.0.1:9" },
    });
    expect(said).toMatchObject([
      { status: null, failure: expect.stringContaining("refused"), endpoint: "http://127.0.0.1:9" },
    ]);
  });
});
