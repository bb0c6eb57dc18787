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
const common = { plugins: [textFiles], resolve: { alias: { "@": root } } };
const limits = {
  pool: "forks" as const,
  maxWorkers: 2,
  testTimeout: 30_000,
  hookTimeout: 60_000,
  retry: 0,
};

/** `vitest --mode deepspeed` has the tests that need the real programs: npm run test:deepspeed. */
const REAL = "server/**/*.deepspeed.test.ts";
/** `vitest --mode faults`: npm run test:faults. Most experiments wait most of the time; some measure speed or memory. */
const FAULTS = "e2e/faults/experiments/*.fault.ts";
const MEASURING_FAULTS = "e2e/faults/experiments/{08,11,15,16,17,18,25}-*.fault.ts";
/** What `npm test` runs has four minutes: there a figure is a hint, and only counts can fail. */
const IS_SHORT = process.env.TRAINYARD_FAULTS_SIZE !== "long";
const ORDINARY = ["server", "components", "app", "bench"].map((folder) => `${folder}/**/*.test.ts`);
const globalSetup = ["server/testing/global-setup.ts"];

const SELECTIONS: Readonly<Record<string, object>> = {
  deepspeed: { include: [REAL] },
  faults: {
    globalSetup,
    projects: [
      project({
        name: "side by side",
        include: [FAULTS],
        exclude: [MEASURING_FAULTS],
        maxWorkers: IS_SHORT ? 4 : 3,
      }),
      project({
        name: "measuring",
        include: [MEASURING_FAULTS],
        maxWorkers: IS_SHORT ? 2 : 1,
        sequence: { groupOrder: 1 },
      }),
    ],
  },
};

/** Stands by itself: a project that extended this file would be given the ordinary tests. */
function project(selection: object) {
  return { ...common, test: { ...limits, ...selection } };
}

export default defineConfig(({ mode }) => ({
  ...common,
  test: {
    ...limits,
    ...(SELECTIONS[mode] ?? { include: ORDINARY, exclude: [...configDefaults.exclude, REAL], globalSetup }),
  },
}));
