import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./processes";

/** A package index behind a login, and a hub that answers, on loopback. */
export interface StandInServer {
  indexUrl: string;
  hubUrl: string;
  username: string;
  password: string;
  /** The wheel of this package stays under way until `release`. Resolves once somebody asks for it. */
  hold: (name: string) => { isAskedFor: Promise<void>; release: () => void };
  stop: () => Promise<void>;
}

const RECIPE = fileURLToPath(new URL("../recipes/deepspeed-chat/", import.meta.url));
const LOGIN = { username: "mirror", password: "in/dex" };

/** @param directory where the index is made: a stand-in of each package of the lock set, without anything fetched */
export async function startStandInServer(directory: string): Promise<StandInServer> {
  makeStandInIndex(directory);
  const holds = new Map<string, { onAsked: () => void; released: Promise<void> }>();
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://index").pathname;
    if (path.startsWith("/hub/")) return void response.end("[]");
    const wanted = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString("base64")}`;
    if (request.headers.authorization !== wanted)
      return void response.writeHead(401, { "www-authenticate": "Basic" }).end();
    const [, , name = ""] = path.split("/");
    const held = path.endsWith(".whl") ? holds.get(name) : undefined;
    held?.onAsked();
    await held?.released;
    const file = join(directory, path.replace(/^\/simple/, ""), path.endsWith("/") ? "index.html" : "");
    if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
    response.setHeader("content-type", path.endsWith("/") ? "text/html" : "application/zip");
    response.end(readFileSync(file));
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  return {
    indexUrl: `${origin}/simple`,
    hubUrl: `${origin}/hub`,
    ...LOGIN,
    hold: (name) => {
      const asked = signal();
      const released = signal();
      holds.set(name, { onAsked: asked.give, released: released.given });
      return {
        isAskedFor: asked.given,
        release: () => {
          holds.delete(name);
          released.give();
        },
      };
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function signal(): { given: Promise<void>; give: () => void } {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

export function makeStandInIndex(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const program = fileURLToPath(new URL("make-stand-in-index.py", import.meta.url));
  run("python3", [program, directory, join(RECIPE, "torch.lock"), join(RECIPE, "requirements.lock")]);
}
