import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

/** Programs for nodes are imported as text, as esbuild does for the bundles. */
const textFiles = {
  name: "text-files",
  enforce: "pre" as const,
  load(id: string) {
    if (!/\.(sh|py|lock)$/.test(id)) return null;
    return `export default ${JSON.stringify(readFileSync(id, "utf8"))}`;
  },
};

/** `vitest --mode deepspeed` has the tests that need the real programs: npm run test:deepspeed. */
const REAL = "server/**/*.deepspeed.test.ts";
/** `vitest --mode faults`: npm run test:faults. One after the other: they measure, and they take the machine apart. */
const FAULTS = "e2e/faults/**/*.fault.ts";
const ORDINARY = ["server", "components", "app", "bench"].map((folder) => `${folder}/**/*.test.ts`);
const globalSetup = ["server/testing/global-setup.ts"];

const SELECTIONS: Readonly<Record<string, object>> = {
  deepspeed: { include: [REAL] },
  faults: { include: [FAULTS], globalSetup, fileParallelism: false },
};

export default defineConfig(({ mode }) => ({
  plugins: [textFiles],
  resolve: { alias: { "@": root } },
  test: {
    ...(SELECTIONS[mode] ?? { include: ORDINARY, exclude: [...configDefaults.exclude, REAL], globalSetup }),
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    retry: 0,
  },
}));
