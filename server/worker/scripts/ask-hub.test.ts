import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { RunCheckHome, WHOLE_MODEL } from "../../testing/run-check-home";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** One of its own for 127.0.0.1, as a company's proxy would have. */
function makeCertificate({ path }: RunCheckHome): { certificate: string; key: string } {
  const certificate = join(path, "own.pem");
  const key = join(path, "own.key");
  const made = spawnSync(
    "openssl",
    [
      ...[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
      ],
      ...["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
      ...["-keyout", key, "-out", certificate],
    ],
    { encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(`no certificate was made:\n${made.stderr}`);
  return { certificate, key };
}

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
        kind: "models",
        name: "meta-llama/Llama-2-7b-hf",
        endpoint: env().HF_ENDPOINT,
        isAsked: true,
        status: 200,
        failure: null,
        isGated: true,
        bytes: 1000,
        preparedBytes: null,
      },
    ]);
    expect(asked[0]).toEqual({
      path: "/api/models/meta-llama/Llama-2-7b-hf?blobs=true",
      authorization: undefined,
    });
  });

  it("how much of a data set would be downloaded and prepared, as far as that is told", async () => {
    const siblings = [
      { rfilename: "README.md", size: 9 },
      { rfilename: "data/train-0.parquet", size: 700 },
      { rfilename: "data/test-0.parquet", size: 300 },
    ];
    const one = { features: [], download_size: 1_001, dataset_size: 5_000 };
    const ofData = async () => {
      const { hub: said } = await at.look({ words: ["data", "Dahoas/rm-static"], env: env() });
      return said.map(({ kind, bytes, preparedBytes }) => [kind, bytes, preparedBytes]);
    };
    body = { siblings, cardData: { dataset_info: one } };
    expect(await ofData()).toEqual([["datasets", 1000, 5_000]]);
    expect(asked[0]?.path).toBe("/api/datasets/Dahoas/rm-static?blobs=true");
    body = { siblings: [], cardData: { dataset_info: [one] } };
    expect(await ofData()).toEqual([["datasets", 1_001, 5_000]]);
    // Files of several configurations: nobody knows which of them is loaded.
    body = { siblings, cardData: { dataset_info: [one, one] } };
    expect(await ofData()).toEqual([["datasets", null, null]]);
    body = { siblings };
    expect(await ofData()).toEqual([["datasets", 1000, null]]);
  });

  it.each(["ALL_PROXY", "all_proxy"])("through %s, where no proxy is named for the scheme", async (name) => {
    const { port } = hub.address() as AddressInfo;
    const proxied = { HF_ENDPOINT: "http://hub.invalid", [name]: `http://127.0.0.1:${port}` };
    const through = await at.look({ words: ["hub", "a/b"], env: proxied });
    expect(through.hub).toMatchObject([{ status: 200, failure: null }]);
    expect(asked.map(({ path }) => path)).toEqual(["http://hub.invalid/api/models/a/b?blobs=true"]);
    const past = await at.look({ words: ["hub", "a/b"], env: { ...proxied, NO_PROXY: "hub.invalid" } });
    expect(past.hub).toMatchObject([{ status: null }]);
  });

  it("not through a proxy that speaks SOCKS, which it says", async () => {
    const { hub: said } = await at.look({
      words: ["hub", "a/b"],
      env: { ...env(), ALL_PROXY: "socks5://127.0.0.1:9" },
    });
    expect(said).toMatchObject([{ isAsked: false, status: null, failure: expect.stringContaining("SOCKS") }]);
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
    at.write(".cache/huggingface/datasets/a___b/default/0.0.0/5f0c/dataset_info.json", "{}");
    await at.look({ words: ["data", "a/b"], env: env() });
    await at.look({ words: ["data", "c/d"], env: { ...env(), HF_DATASETS_OFFLINE: "1" } });
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

  it.skipIf(!hasOpenssl)("over TLS, by the certificates that a run would trust", async () => {
    const { certificate, key } = makeCertificate(at);
    const secure = createSecureServer(
      { cert: readFileSync(certificate), key: readFileSync(key) },
      (_, response) => response.end("{}"),
    );
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    const { port } = secure.address() as AddressInfo;
    const look = async (trust: Record<string, string>) => {
      const HF_ENDPOINT = `https://127.0.0.1:${port}`;
      const [said] = (await at.look({ words: ["hub", "a/b"], env: { HF_ENDPOINT, ...trust } })).hub;
      return said?.status ?? said?.failure;
    };
    expect(await look({})).toContain("certificate verify failed");
    for (const name of ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
      expect(await look({ [name]: certificate })).toBe(200);
    expect(await look({ REQUESTS_CA_BUNDLE: "/nowhere.pem" })).toBe(
      "there are no certificates at /nowhere.pem",
    );
    secure.closeAllConnections();
    await new Promise((resolve) => secure.close(resolve));
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
