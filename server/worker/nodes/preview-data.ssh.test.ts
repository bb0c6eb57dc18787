import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NodeSettings } from "../../contracts/nodes";
import { writePreviewCheckout } from "../../testing/preview-checkout";
import { sshdUnavailable, startSshd, type TestSshd } from "../../testing/sshd";
import { connectNode, type LiveConnection, toSecret } from "../ssh";
import { DataPreviews } from "./data-previews";
import type { PreviewPlace } from "./preview-data";

const TOKEN = "hf_0123456789abcdef";

describe.skipIf(sshdUnavailable !== null)("rows of data sets over a real sshd", () => {
  let sshd: TestSshd;
  let connection: LiveConnection;
  let previews: DataPreviews;
  let packages: string;
  beforeAll(async () => {
    sshd = await startSshd();
    ({ packages } = writePreviewCheckout(sshd.homeDirectory));
    connection = await connectNode({
      nodeId: "00000000-0000-4000-8000-000000000001",
      host: sshd.host,
      port: sshd.port,
      username: sshd.username,
      hostKey: sshd.hostKey(),
      credential: toSecret({ method: "private_key", privateKey: sshd.privateKey }),
    });
    previews = new DataPreviews(connection);
  });
  afterAll(async () => {
    connection.close();
    await sshd.stop();
  });

  const place = (env: Record<string, string> = {}): PreviewPlace => ({
    settings: NodeSettings.parse({ env: { PYTHONPATH: packages, HF_TOKEN: TOKEN, ...env } }),
    isPractice: false,
    homeDirectory: sshd.homeDirectory,
    examplesDirectory: join(sshd.homeDirectory, "DeepSpeedExamples"),
  });
  const read = (name: string, maxAgeSeconds = 0, env: Record<string, string> = {}) =>
    previews.get(place(env), { name, rows: 2, maxAgeSeconds });
  function writeRows(folder: string, words: readonly string[]) {
    mkdirSync(folder, { recursive: true });
    const lines = words.map((word) => JSON.stringify({ prompt: `Human: ${word} Assistant:`, chosen: "y" }));
    for (const part of ["train", "eval"]) writeFileSync(join(folder, `${part}.json`), lines.join("\n"));
  }

  it("a folder below the home, whatever its name; what is young enough is not read again", async () => {
    const name = "~/it's $HOME `id` 你好";
    const folder = join(sshd.homeDirectory, name.slice(2));
    writeRows(folder, ["a", "b", "c"]);
    const first = await read(name);
    expect(first).toMatchObject({ source: "folder", failures: [] });
    expect(first.parts.map(({ total, rows }) => [total, rows.length])).toEqual([
      [3, 2],
      [3, 2],
    ]);
    writeRows(folder, ["d"]);
    expect(await read(name, 60)).toEqual(first);
    expect((await read(name)).parts[0]).toMatchObject({
      total: 1,
      rows: [{ prompt: "Human: d Assistant:" }],
    });
  });

  it("what could not be read is soon read again, whatever age will do", async () => {
    const name = "~/late";
    const own = new DataPreviews(connection, { failedKeptSeconds: -1 });
    const asked = { name, rows: 2, maxAgeSeconds: 3600 };
    expect((await own.get(place(), asked)).failures).toMatchObject([{ code: "path_absent" }]);
    writeRows(join(sshd.homeDirectory, "late"), ["a"]);
    expect((await own.get(place(), asked)).failures).toEqual([]);
  });

  it("local/jsonfile is the folder data of the application", async () => {
    const missing = await read("local/jsonfile");
    expect(missing.failures).toMatchObject([{ code: "path_absent" }]);
    writeRows(join(sshd.homeDirectory, "DeepSpeedExamples/applications/DeepSpeed-Chat/data"), ["own"]);
    expect((await read("local/jsonfile")).parts[0]?.rows[0]?.prompt).toBe("Human: own Assistant:");
  });

  it("a hub data set is read by the checkout's class, with the node's variables", async () => {
    const rows = [{ question: "why", good: "yes", bad: "no" }];
    const content = { STAND_IN_HUB: JSON.stringify({ train: rows, test: rows }) };
    const raw = await read("lab/pairs", 0, content);
    expect(raw).toMatchObject({ source: "hub", failures: [] });
    expect(raw.parts[0]?.rows).toMatchObject([{ prompt: " Human: why Assistant:", rejected: " no" }]);
  });

  it("no secret of the node comes back in what a library says", async () => {
    const refusal = { STAND_IN_HUB: JSON.stringify({ refuse: "x", text: `bad token ${TOKEN}` }) };
    const raw = await read("lab/pairs", 0, refusal);
    expect(raw.failures).toEqual([
      { code: "load_failed", part: null, facts: { detail: "OSError: bad token [secret]" } },
    ]);
  });

  it("a node without a checkout or a Python says so", async () => {
    const asked = { name: "lab/pairs", rows: 2, maxAgeSeconds: 0 };
    await expect(previews.get({ ...place(), examplesDirectory: null }, asked)).rejects.toMatchObject({
      code: "PRECONDITION",
    });
    const raw = await read("lab/pairs", 0, { PATH: "/nowhere" });
    expect(raw.failures).toMatchObject([{ code: "no_python" }]);
  });

  it("asks one after the other, and no more than four at once", async () => {
    const name = join(sshd.homeDirectory, "none");
    const asked = await Promise.allSettled(Array.from({ length: 6 }, (_, i) => read(`${name}${i}`)));
    expect(asked.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 4 }, () => "fulfilled"),
      "rejected",
      "rejected",
    ]);
  });
});
