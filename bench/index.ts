// npm run bench [-- --only N …]: every figure beside a baseline of the same run. A missed target is printed as missed.
import { fork } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { type MeasuredRow, tableText } from "./print-table";

const ROOT = join(import.meta.dirname, "..");
const ROWS = join(import.meta.dirname, "rows");

/** A row's file as one program of its own: rows import server code, which imports shell programs as text. */
async function bundleRow(file: string): Promise<string> {
  const outfile = join(ROOT, "dist", "bench", file.replace(/\.ts$/, ".mjs"));
  await build({
    stdin: {
      contents: `import { row } from "./rows/${file}"; import { runRow } from "./run-row"; await runRow(row);`,
      resolveDir: import.meta.dirname,
      loader: "ts",
    },
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    loader: { ".sh": "text", ".py": "text" },
    alias: { "@": ROOT },
    logLevel: "warning",
  });
  return outfile;
}

/** In a process of its own: no row inherits another's heap, or its compiled code. */
async function measureRow(file: string): Promise<MeasuredRow | null> {
  const program = await bundleRow(file);
  const child = fork(program, [], {
    cwd: ROOT,
    execArgv: ["--expose-gc"],
    env: { ...process.env, TRAINYARD_BENCH: "1" },
  });
  let measured: MeasuredRow | null = null;
  child.on("message", (message) => {
    // Safe because run-row.ts is the only sender.
    measured = message as MeasuredRow;
  });
  const code = await new Promise<number | null>((done) => child.once("exit", done));
  if (measured === null) console.error(`${file} ended with ${code} before it had measured.`);
  return measured;
}

const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
const wanted = new Set((values.only ?? []).map(Number));
const files = readdirSync(ROWS)
  .filter((file) => /^\d+.*\.ts$/.test(file) && (wanted.size === 0 || wanted.has(Number.parseInt(file, 10))))
  .sort();
if (files.length === 0) throw new Error(`No row ${[...wanted].join(", ")} in bench/rows.`);

const measured: MeasuredRow[] = [];
for (const file of files) {
  console.error(`measuring ${file}`);
  const row = await measureRow(file);
  if (row) measured.push(row);
}
console.log(tableText(measured));
process.exitCode = measured.length === files.length ? 0 : 1;
