import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type EmbeddedServer, startEmbeddedServer } from "../db/embedded/embedded-server";
import type { Env } from "../env";
import type { Logger } from "../log";
import { assertRoomForDatabase } from "./prepare-data-directory";

export interface DatabaseServer {
  url: string;
  stop: () => Promise<void>;
}

const MAX_PAUSE_MS = 15_000;

/** The server of DATABASE_URL, or an embedded one that is started again when it ends. */
export async function openDatabaseServer(env: Env, log: Logger): Promise<DatabaseServer> {
  if (env.databaseUrl !== null) return { url: env.databaseUrl, stop: async () => {} };
  if (!existsSync(join(env.dataDirectory, "postgres.json"))) assertRoomForDatabase(env.dataDirectory);
  const start = () => startEmbeddedServer({ directory: env.dataDirectory, database: "trainyard" });
  const keeper = new ServerKeeper(start, log);
  return { url: await keeper.open(), stop: () => keeper.stop() };
}

class ServerKeeper {
  private readonly start: () => Promise<EmbeddedServer>;
  private readonly log: Logger;
  private isStopping = false;
  private server: EmbeddedServer | null = null;
  private restarting: Promise<EmbeddedServer | null> = Promise.resolve(null);

  constructor(start: () => Promise<EmbeddedServer>, log: Logger) {
    this.start = start;
    this.log = log;
  }

  async open(): Promise<string> {
    const server = await this.start();
    void this.watch(server);
    return server.url;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.server?.stop();
    const late = await this.restarting;
    await late?.stop();
  }

  private async watch(first: EmbeddedServer): Promise<void> {
    for (let server: EmbeddedServer | null = first; server !== null; server = await this.restarting) {
      this.server = server;
      if (server.url !== first.url)
        this.log.fatal("another program took the database's port; stop Trainyard and start it again");
      await server.gone;
      this.restarting = this.startAgain();
    }
  }

  private async startAgain(): Promise<EmbeddedServer | null> {
    for (let pauseMs = 250; !this.isStopping; pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2)) {
      this.log.error({ pauseMs }, "PostgreSQL ended; starting it again");
      await delay(pauseMs);
      try {
        return await this.start();
      } catch (error) {
        this.log.error({ err: error }, "PostgreSQL could not be started");
      }
    }
    return null;
  }
}
