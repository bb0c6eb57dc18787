import { join } from "node:path/posix";
import type { PreparationSecretName, PreparationSettings } from "../../contracts/preparation";
import type { RenderedCommand } from "../../contracts/recipes";
import { expandHome } from "../attempts/attempt-paths";

export type OpenSecrets = ReadonlyMap<PreparationSecretName, string>;

/** What a prepared node is to use. Absolute. */
export interface PreparedPaths {
  environmentRoot: string;
  virtualEnvironment: string;
  examplesDirectory: string;
  hubDirectory: string;
  extensionsDirectory: string;
}

export function preparedPaths(
  settings: Pick<PreparationSettings, "hubDirectory">,
  place: { workDirectory: string; homeDirectory: string },
): PreparedPaths {
  const environmentRoot = join(place.workDirectory, "env");
  return {
    environmentRoot,
    virtualEnvironment: join(environmentRoot, "venv"),
    examplesDirectory: join(environmentRoot, "DeepSpeedExamples"),
    hubDirectory: expandHome(
      settings.hubDirectory ?? join(environmentRoot, "huggingface"),
      place.homeDirectory,
    ),
    extensionsDirectory: join(environmentRoot, "torch-extensions"),
  };
}

/** Variables that every attempt on a prepared node gets. */
export function preparedEnv(settings: PreparationSettings, paths: PreparedPaths): Record<string, string> {
  return {
    HF_HOME: paths.hubDirectory,
    TORCH_EXTENSIONS_DIR: paths.extensionsDirectory,
    ...(settings.hubUrl === null ? {} : { HF_ENDPOINT: settings.hubUrl }),
    ...(settings.isOffline
      ? { HF_HUB_OFFLINE: "1", HF_DATASETS_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1" }
      : {}),
  };
}

export interface JobPlan {
  action: "prepare" | "uninstall";
  /** The job's own directory on the node. */
  directory: string;
  settings: PreparationSettings;
  /** The node's own variables, as its runs get them: they give way to what the preparation sets. */
  nodeEnv: Readonly<Record<string, string>>;
  secrets: OpenSecrets;
  paths: PreparedPaths;
  homeDirectory: string;
  archive: { name: string; sha256: string } | null;
}

/** The command of a job. Everything that may hold a secret is in `env`, which goes into a file of mode 0600. */
export function renderJob(plan: JobPlan): RenderedCommand {
  const { settings, secrets, paths } = plan;
  return {
    workingDirectory: plan.directory,
    argv: ["sh", join(plan.directory, "prepare-node.sh"), plan.action],
    env: {
      ...plan.nodeEnv,
      ...preparedEnv(settings, paths),
      PREPARE_ENV: paths.environmentRoot,
      PREPARE_PYTHON: expandHome(settings.python, plan.homeDirectory),
      PREPARE_TORCH: settings.torch ?? "",
      PREPARE_SOURCE: settings.examplesSource,
      PREPARE_URL: settings.examplesUrl,
      PREPARE_REF: settings.examplesRef,
      PREPARE_ARCHIVE_NAME: plan.archive?.name ?? "",
      PREPARE_ARCHIVE_SHA256: plan.archive?.sha256 ?? "",
      PREPARE_MODELS: settings.models.join("\n"),
      ...indexEnv(settings, secrets),
      ...proxyEnv(settings, secrets),
      ...(secrets.has("hubToken") ? { HF_TOKEN: secrets.get("hubToken") ?? "" } : {}),
    },
    pathPrepend: [],
    outputDirectory: plan.directory,
    eventDirectories: [],
    expectedFiles: [],
  };
}

function indexEnv(settings: PreparationSettings, secrets: OpenSecrets): Record<string, string> {
  const { indexUrl, extraIndexUrl, indexUsername } = settings;
  const login = { username: indexUsername, password: secrets.get("indexPassword") };
  const isSameOrigin =
    indexUrl !== null && extraIndexUrl !== null && new URL(indexUrl).origin === new URL(extraIndexUrl).origin;
  return {
    ...(indexUrl === null ? {} : { PIP_INDEX_URL: withLogin(indexUrl, login) }),
    ...(extraIndexUrl === null
      ? {}
      : { PIP_EXTRA_INDEX_URL: isSameOrigin ? withLogin(extraIndexUrl, login) : extraIndexUrl }),
  };
}

function proxyEnv(settings: PreparationSettings, secrets: OpenSecrets): Record<string, string> {
  if (settings.proxyUrl === null) return {};
  const login = { username: settings.proxyUsername, password: secrets.get("proxyPassword") };
  const proxy = withLogin(settings.proxyUrl, login);
  return { HTTPS_PROXY: proxy, https_proxy: proxy, HTTP_PROXY: proxy, http_proxy: proxy };
}

function withLogin(
  address: string,
  { username, password }: { username: string | null; password: string | undefined },
): string {
  const url = new URL(address);
  if (username === null || url.protocol === "file:") return address;
  url.username = encodeURIComponent(username);
  if (password !== undefined) url.password = encodeURIComponent(password);
  return url.href;
}

/** Secrets as stars of the same length, so that offsets stay true; also as they stand in an address. */
export function starSecrets(bytes: Buffer, secrets: OpenSecrets): Buffer {
  const starred = Buffer.from(bytes);
  for (const secret of secrets.values()) {
    for (const form of new Set([secret, encodeURIComponent(secret)])) {
      const needle = Buffer.from(form);
      for (let at = starred.indexOf(needle); at >= 0; at = starred.indexOf(needle, at))
        starred.fill("*", at, at + needle.length);
    }
  }
  return starred;
}

export function starText(text: string, secrets: OpenSecrets): string {
  return starSecrets(Buffer.from(text), secrets).toString("utf8");
}
