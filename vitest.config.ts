import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

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

export default defineConfig({
  plugins: [textFiles],
  resolve: { alias: { "@": root } },
  test: {
    include: ["server/**/*.test.ts", "components/**/*.test.ts", "app/**/*.test.ts", "bench/**/*.test.ts"],
    globalSetup: ["server/testing/global-setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    retry: 0,
  },
});
