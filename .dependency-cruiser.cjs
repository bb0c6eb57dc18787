// Who may import whom. Type-only imports pass wherever `value` is spread in.
const pure =
  "^server/(?!worker/).*(/domain|/render-[^/]+|/parse-[^/]+)\\.ts$|^components/.*/(prepare|resolve)-[^/]+\\.ts$|^server/estimates/(memory|models|settings|hardware|time|work|own-pace|estimate-stage|plan-hardware|lighter-fields)\\.ts$|^server/forecasts/(live-pace|forecast-stage|forecast-run|past-forecasts)\\.ts$|^server/node-checks/(questions|facts|judge|check-(models|data|disk|gpus|port))\\.ts$|^server/contracts/|^server/errors\\.ts$";
const value = { dependencyTypesNot: ["type-only"] };
const tests = "\\.test\\.tsx?$|\\.spec\\.ts$|^server/testing/|^e2e/|^bench/";

module.exports = {
  forbidden: [
    {
      name: "app-sees-three",
      comment: "app/ takes values from server/ only through the container, the contracts and errors.",
      severity: "error",
      from: { path: "^app/", pathNot: tests },
      to: { path: "^server/", pathNot: "^server/(contracts/|container\\.ts|errors\\.ts)", ...value },
    },
    {
      name: "web-never-reaches-worker",
      comment: "Code execution in the web process must not find SSH code or the key ring.",
      severity: "error",
      from: { path: "^(app|components|server/web)/", pathNot: tests },
      to: { path: "^server/worker/", reachable: true },
    },
    {
      name: "components-see-contracts",
      severity: "error",
      from: { path: "^components/", pathNot: tests },
      to: { path: "^server/", pathNot: "^server/contracts/", ...value },
    },
    {
      name: "server-never-imports-pages",
      severity: "error",
      from: { path: "^server/", pathNot: tests },
      to: { path: "^(app|components)/" },
    },
    {
      name: "shared-modules-are-below-processes",
      severity: "error",
      from: {
        path: "^server/(contracts|nodes|node-checks|datasets|runs|recipes|estimates|forecasts|logs|scalars|telemetry|evaluations|auth|audit|db)/",
        pathNot: tests,
      },
      to: { path: "^server/(web|worker|practice|supervisor|cli)/" },
    },
    {
      name: "pure-is-pure",
      comment:
        "Neither directly nor through others: no files, network, processes, database. Those come in as arguments.",
      severity: "error",
      from: { path: pure, pathNot: tests },
      to: {
        path: "^(node:)?(fs|net|http|https|tls|dns|child_process|worker_threads|os)(/|$)|^server/(db|web|worker|supervisor|cli)/|^server/(env|context|log)\\.ts$|^node_modules/(pg|ssh2|node-ssh|socket\\.io|next|pino)/",
        reachable: true,
      },
    },
    {
      name: "ssh-has-one-home",
      severity: "error",
      from: { pathNot: `^server/(worker/ssh|practice)/|${tests}` },
      to: { path: "^node_modules/(node-ssh|ssh2)/" },
    },
    {
      name: "prisma-client-has-one-home",
      severity: "error",
      from: { pathNot: `^server/db/|${tests}` },
      to: { path: "^server/db/generated/|^node_modules/@prisma/", ...value },
    },
    {
      name: "sockets-have-two-homes",
      severity: "error",
      from: { pathNot: `^server/(web|worker)/|${tests}` },
      to: { path: "^node_modules/socket\\.io/" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true, viaOnly: value } },
    {
      name: "modules-meet-at-their-index",
      severity: "error",
      from: { path: "^server/([^/]+)/", pathNot: tests },
      to: {
        path: "^server/(node-checks|datasets|runs|recipes|estimates|forecasts|logs|scalars|telemetry|evaluations|auth|audit|db)/",
        pathNot:
          "^server/($1)/|^server/[^/]+/index\\.ts$|^server/db/(migrations|embedded/|backup/index|generated/)|^server/[^/]+/deepspeed-chat/|/(domain|render-[^/]+|parse-[^/]+)\\.ts$",
        ...value,
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "server/db/generated|\\.next|dist" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
    },
  },
};
