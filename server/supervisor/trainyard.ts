import { join } from "node:path";
import { offerFirstAdmin } from "../auth";
import { withContext } from "../cli/open-context";
import { migrate } from "../db/migrations";
import { type Env, readEnv } from "../env";
import type { Logger } from "../log";
import { Child, type ChildName } from "./child";
import { childEnvironment } from "./child-environment";
import { choosePort } from "./choose-port";
import { type DatabaseServer, openDatabaseServer } from "./database-server";
import { ProcessRegistry } from "./leftovers";
import { prepareDataDirectory } from "./prepare-data-directory";
import type { Welcome } from "./render-welcome";
import { servingUrls } from "./serving-urls";

export interface RunningTrainyard extends Welcome {
  databaseUrl: string;
}

export interface TrainyardOptions {
  env: Env;
  /** The project's directory, with prisma/ and dist/. */
  root: string;
  log: Logger;
}

/** Database, migrations, then practice node, worker and web, in this order; stopped in the other one. */
export class Trainyard {
  private readonly options: TrainyardOptions;
  private readonly children: Child[] = [];
  private registry: ProcessRegistry | null = null;
  private database: DatabaseServer | null = null;
  private starting: Promise<RunningTrainyard> | null = null;
  private stopping: Promise<void> | null = null;

  constructor(options: TrainyardOptions) {
    this.options = options;
  }

  /** @throws Error with a message for people: port in use, second start, database out of reach */
  async start(): Promise<RunningTrainyard> {
    this.starting = this.bringUp();
    try {
      return await this.starting;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** At any time, also in the middle of a start. */
  stop(): Promise<void> {
    this.stopping ??= this.takeDown();
    return this.stopping;
  }

  /** For who cannot wait: training goes on all the same, and the next start tidies up. */
  kill(): void {
    for (const child of this.children) child.kill();
  }

  private async bringUp(): Promise<RunningTrainyard> {
    const { env, root, log } = this.options;
    prepareDataDirectory(env.dataDirectory);
    this.registry = await ProcessRegistry.claim(join(env.dataDirectory, "run", "processes.json"));
    const port = await choosePort(env.host, env.port);
    const { origin } = readEnv({ ...process.env, PORT: String(port) });
    this.registry.setOrigin(origin);
    this.goOn();
    this.database = await openDatabaseServer(env, log);
    this.goOn();
    const { url } = this.database;
    const applied = await migrate(url, root);
    if (applied.length > 0) log.info({ applied }, "database brought up to date");
    const firstAdmin = await withContext(url, (ctx) => offerFirstAdmin({ ctx }));
    const urls = await servingUrls(env, url);
    const names: ChildName[] = env.isPracticeEnabled ? ["practice", "worker", "web"] : ["worker", "web"];
    for (const name of names) {
      this.goOn();
      await this.startChild(name, childEnvironment(name, { env, port, urls }));
    }
    const { dataDirectory } = env;
    return { origin, databaseUrl: url, dataDirectory, isEmbedded: env.databaseUrl === null, firstAdmin };
  }

  private async startChild(name: ChildName, env: NodeJS.ProcessEnv): Promise<void> {
    const { root, log } = this.options;
    const child = new Child({
      name,
      dist: join(root, "dist"),
      env,
      log,
      onSpawn: (childName, pid) => this.register(childName, pid),
    });
    this.children.push(child);
    await child.start();
  }

  private register(name: ChildName, pid: number): void {
    try {
      this.registry?.addChild(name, pid);
    } catch (error) {
      // On a full disk a process that runs is worth more than its entry.
      this.options.log.warn({ err: error }, "the process list could not be written");
    }
  }

  private goOn(): void {
    if (this.stopping !== null) throw new Error("Stopped while starting.");
  }

  private async takeDown(): Promise<void> {
    for (const child of this.children) child.hold();
    for (const child of this.children.toReversed()) await child.stop();
    // A start that was under way ends at its next step.
    await this.starting?.catch(() => {});
    await this.database?.stop();
    this.registry?.release();
  }
}
