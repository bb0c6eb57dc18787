import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
} from "@prisma/driver-adapter-utils";
import type { MigrationList, SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";

type EngineModule = typeof import("@prisma/schema-engine-wasm/schema_engine_bg") & {
  __wbg_set_wasm: (exports: WebAssembly.Exports) => void;
};
let loaded: Promise<EngineModule> | null = null;

/** Prisma's own migration engine as WebAssembly: no binary to download, and no .wasm import flag either. */
function loadEngine(): Promise<EngineModule> {
  loaded ??= (async () => {
    const entry = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
    // safe because: the package exports this one module, and the wasm file beside it imports exactly it.
    const engine = (await import("@prisma/schema-engine-wasm/schema_engine_bg")) as EngineModule;
    const wasm = await WebAssembly.compile(await readFile(join(dirname(entry), "schema_engine_bg.wasm")));
    const instance = await WebAssembly.instantiate(wasm, {
      "./schema_engine_bg.js": engine as unknown as WebAssembly.ModuleImports,
    });
    engine.__wbg_set_wasm(instance.exports);
    const start = instance.exports.__wbindgen_start;
    if (typeof start === "function") start();
    return engine;
  })();
  return loaded;
}

const PG_CHAR = 18;
const PG_BPCHAR = 1042;

/**
 * Prisma's adapter does not know the catalogue's one-byte "char", which introspection reads: it is told bpchar, and
 * the columns' names are kept so that `mended` can hand them to the engine as characters.
 */
class CatalogPool extends pg.Pool {
  readonly charColumns = new Set<string>();
  /** What went wrong first: in a transaction, everything after it says only that the transaction is aborted. */
  firstError: unknown = null;

  // biome-ignore lint/suspicious/noExplicitAny: pg's query has nine overloads, and all of them pass through here.
  override query(...args: any[]): any {
    // safe because: the adapter awaits the promise form and passes no callback.
    const pending = super.query(...(args as [pg.QueryConfig])) as Promise<pg.QueryResult | pg.QueryResult[]>;
    return pending.then(
      (result) => {
        // A script of several statements has a result for each.
        for (const one of [result].flat()) this.noteCharColumns(one.fields);
        return result;
      },
      (error: unknown) => {
        this.firstError ??= error;
        throw error;
      },
    );
  }

  private noteCharColumns(fields: pg.FieldDef[]): void {
    for (const field of fields) {
      if (field.dataTypeID !== PG_CHAR) continue;
      this.charColumns.add(field.name);
      field.dataTypeID = PG_BPCHAR;
    }
  }
}

function mended<T extends SqlDriverAdapter>(adapter: T, pool: CatalogPool): T {
  const { charColumns } = pool;
  // The adapter's own splits at every semicolon, also inside quotes; PostgreSQL takes a script as it is.
  adapter.executeScript = async (script) => void (await pool.query(script));
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    const types = result.columnTypes.map((type, column) =>
      charColumns.has(result.columnNames[column] ?? "") ? ColumnTypeEnum.Character : type,
    );
    return { ...result, columnTypes: types };
  };
  return adapter;
}

/** Adapters over pools of our own, because the engine closes some of what it opens and leaves the rest. */
function adapterFactory(url: string) {
  const pools: CatalogPool[] = [];
  const open = (connectionString: string) => {
    // One connection that stays: a transaction that is begun on the pool holds for all that the engine does.
    const pool = new CatalogPool({ connectionString, max: 1, idleTimeoutMillis: 0 });
    // `end` does not wait for the goodbye, and a server that is stopped right after it cuts the connection.
    pool.on("error", () => {});
    pools.push(pool);
    const factory = new PrismaPg(pool);
    return { pool, connect: async () => mended(await factory.connect(), pool) };
  };
  const main = open(url);
  const adapter = bindMigrationAwareSqlAdapterFactory({
    provider: "postgres" as const,
    adapterName: "@prisma/adapter-pg",
    connect: () => main.connect(),
    connectToShadowDb: async () => {
      const shadow = new URL(url);
      shadow.pathname = `/shadow_${randomUUID()}`;
      await (await main.connect()).executeScript(`CREATE DATABASE "${shadow.pathname.slice(1)}"`);
      return open(shadow.href).connect();
    },
  });
  return { adapter, pool: main.pool, close: () => Promise.all(pools.map((pool) => pool.end())) };
}

async function withEngine<T>(
  url: string,
  datamodel: string,
  work: (engine: SchemaEngine, pool: CatalogPool) => Promise<T>,
): Promise<T> {
  const { SchemaEngine: Engine } = await loadEngine();
  const { adapter, pool, close } = adapterFactory(url);
  try {
    const engine = await Engine.new({ datamodels: [["schema.prisma", datamodel]] }, () => {}, adapter);
    return await work(engine, pool).finally(() => engine.free());
  } finally {
    await close();
  }
}

const NO_FILTER = { externalTables: [], externalEnums: [] };

/**
 * Applies what is missing, in order and in one transaction, so that a process killed in the middle leaves nothing half
 * done; returns the names. @throws the first statement's error
 */
export function applyMigrations(
  url: string,
  datamodel: string,
  migrationsList: MigrationList,
): Promise<string[]> {
  return withEngine(url, datamodel, async (engine, pool) => {
    await pool.query("BEGIN");
    try {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTER });
      await pool.query("COMMIT");
      return appliedMigrationNames;
    } catch (error) {
      throw pool.firstError ?? error;
    }
  });
}

/** SQL that brings the migrations' result to the schema. `url` is a scratch server: a shadow database is made there. */
export function diffMigrations(
  url: string,
  datamodel: string,
  migrationsList: MigrationList,
): Promise<string> {
  return withEngine(url, datamodel, async (engine) => {
    const { stdout } = await engine.diff({
      from: { tag: "migrations", ...migrationsList },
      to: { tag: "schemaDatamodel", files: [{ path: "schema.prisma", content: datamodel }] },
      script: true,
      exitCode: null,
      filters: NO_FILTER,
    });
    return stdout ?? "";
  });
}
