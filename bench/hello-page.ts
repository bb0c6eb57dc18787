import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../server/free-port";
import { waitUntil } from "../server/testing/processes";

const LAYOUT = "export default ({ children }) => <html><body>{children}</body></html>;\n";
const PAGE = "export default () => <h1>Hello</h1>;\n";

/** The smallest page that this version of Next builds, built and served. */
export async function startHelloPage(): Promise<{ origin: string; stop: () => Promise<void> }> {
  // Inside the project, so that Next finds itself; dist/ is not part of it.
  const directory = join(process.cwd(), "dist", "bench", "hello");
  mkdirSync(join(directory, "app"), { recursive: true });
  writeFileSync(join(directory, "app/layout.jsx"), LAYOUT);
  writeFileSync(join(directory, "app/page.jsx"), PAGE);
  const next = join(process.cwd(), "node_modules/.bin/next");
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  const built = spawnSync(next, ["build", directory], { env, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`Next's hello page was not built:\n${built.stdout}${built.stderr}`);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = spawn(next, ["start", directory, "-p", String(port), "-H", "127.0.0.1"], {
    env,
    stdio: "ignore",
  });
  await waitUntil(() => answers(origin), "Next's hello page to answer");
  return { origin, stop: () => stop(server, directory) };
}

async function answers(origin: string): Promise<boolean> {
  // It does not listen yet.
  const response = await fetch(origin).catch(() => null);
  return response?.ok === true;
}

async function stop(server: ChildProcess, directory: string): Promise<void> {
  const gone = new Promise((done) => server.once("exit", done));
  server.kill("SIGTERM");
  await gone;
  rmSync(directory, { recursive: true, force: true });
}
