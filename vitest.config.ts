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

export default defineConfig(({ mode }) => ({
  plugins: [textFiles],
  resolve: { alias: { "@": root } },
  test: {
    ...(mode === "deepspeed"
      ? { include: [REAL] }
      : {
          include: [
            "server/**/*.test.ts",
            "components/**/*.test.ts",
            "app/**/*.test.ts",
            "bench/**/*.test.ts",
          ],
          exclude: [...configDefaults.exclude, REAL],
          globalSetup: ["server/testing/global-setup.ts"],
        }),
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    retry: 0,
  },
}));
