import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { NodeAnswer } from "../contracts/node-checks";
import { parseRunCheck } from "../worker/nodes/parse-run-check";
import askHub from "../worker/scripts/ask-hub.py";
import checkRun from "../worker/scripts/check-run.sh";
import freePort from "../worker/scripts/free-port.sh";

const COMMIT = "5f0c1f3e8d1f4c57";
const NO_HUB = "http://127.0.0.1:9";

/** Files of a model that lacks nothing. */
export const WHOLE_MODEL = { "config.json": "{}", "model.safetensors": "w", "tokenizer.json": "{}" };

interface Asked {
  words: string[];
  env?: Record<string, string>;
  work?: string;
  path?: string;
}

/** A home directory in which check-run.sh looks, without a node around it. */
export class RunCheckHome {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), "trainyard-check-run-")));

  write(path: string, text = "x".repeat(2048)): string {
    const file = join(this.path, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** As the hub's library lays it out: blobs, and links to them below the revision that refs/main names. */
  cacheModel(name: string, files: Record<string, string>, hub = ".cache/huggingface/hub"): void {
    const folder = `${hub}/models--${name.replaceAll("/", "--")}`;
    this.write(`${folder}/refs/main`, COMMIT);
    mkdirSync(join(this.path, folder, "snapshots", COMMIT), { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      const blob = this.write(`${folder}/blobs/${file}.blob`, text);
      symlinkSync(blob, join(this.path, folder, "snapshots", COMMIT, file));
    }
  }

  /** @throws Error when the program did not come to its end */
  async look({ words, env = {}, work = "~/.trainyard", path }: Asked): Promise<NodeAnswer> {
    const variables = Object.entries({ HF_ENDPOINT: NO_HUB, ...env });
    const named = variables.map(([name, value]) => `${name}=${value}`);
    const child: ChildProcessByStdio<null, Readable, null> = spawn(
      "sh",
      ["-c", `${freePort}\n${checkRun}`, "sh", work, "", askHub, "3", ...named, "--", ...words],
      {
        stdio: ["ignore", "pipe", "inherit"],
        env: { NODE_ENV: "test", PATH: path ?? process.env.PATH ?? "", HOME: this.path },
      },
    );
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    await new Promise((resolve) => child.once("close", resolve));
    if (!/^begin=1\n[\s\S]*\nend=1\n$/.test(output)) throw new Error(`check-run.sh said:\n${output}`);
    return parseRunCheck(output);
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
