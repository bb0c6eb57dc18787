// Bundles the processes and the practice node's programs with esbuild: dist/*.mjs, packages left outside.
import { build } from "esbuild";

const node = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  packages: "external",
  sourcemap: true,
};
const text = { ".sh": "text", ".py": "text", ".lock": "text" };

export async function bundle(root) {
  const common = { ...node, loader: text, absWorkingDir: root, logLevel: "warning", alias: { "@": root } };
  await Promise.all([
    build({
      ...common,
      entryPoints: {
        index: "server/index.ts",
        web: "server/web/main.ts",
        worker: "server/worker/main.ts",
        practice: "server/practice/main.ts",
        token: "server/cli/token.ts",
        backup: "server/cli/backup.ts",
        restore: "server/cli/restore.ts",
        demo: "server/cli/demo/demo.ts",
      },
      outdir: "dist",
      outExtension: { ".js": ".mjs" },
    }),
    build({
      ...common,
      // Programs that the practice node starts often: everything inside, so that they start fast.
      packages: "bundle",
      banner: {
        js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
      },
      entryPoints: {
        "nvidia-smi": "server/practice/programs/nvidia-smi.ts",
        deepspeed: "server/practice/programs/deepspeed.ts",
        evaluate: "server/practice/programs/evaluate.ts",
        preview: "server/practice/programs/preview.ts",
      },
      outdir: "dist/practice",
      outExtension: { ".js": ".mjs" },
    }),
  ]);
}
