import {
  PREPARATION_SECRETS,
  type PreparationSecretName,
  PreparationSecrets,
  PreparationSettings,
  type PrepareNodeInput,
} from "@/server/contracts/preparation";

/** What stands in the form. Secrets are always empty at first: they are written and never read. */
export interface PreparationValues {
  python: string;
  indexUrl: string;
  extraIndexUrl: string;
  indexUsername: string;
  indexPassword: string;
  proxyUrl: string;
  proxyUsername: string;
  proxyPassword: string;
  torch: string;
  examplesSource: PreparationSettings["examplesSource"];
  examplesUrl: string;
  examplesRef: string;
  /** Names apart by spaces, commas or lines. */
  models: string;
  hubDirectory: string;
  hubUrl: string;
  hubToken: string;
  isOffline: boolean;
  /** Stored secrets that are to be forgotten. */
  forgotten: readonly PreparationSecretName[];
}

export function valuesOf(settings: PreparationSettings): PreparationValues {
  const text = (value: string | null) => value ?? "";
  return {
    ...settings,
    indexUrl: text(settings.indexUrl),
    extraIndexUrl: text(settings.extraIndexUrl),
    indexUsername: text(settings.indexUsername),
    indexPassword: "",
    proxyUrl: text(settings.proxyUrl),
    proxyUsername: text(settings.proxyUsername),
    proxyPassword: "",
    torch: text(settings.torch),
    models: settings.models.join("\n"),
    hubDirectory: text(settings.hubDirectory),
    hubUrl: text(settings.hubUrl),
    hubToken: "",
    forgotten: [],
  };
}

/** The request, or the first problem of each field by its path ("settings.indexUrl", "secrets.hubToken"). */
export function inputOf(
  values: PreparationValues,
): { input: PrepareNodeInput; errors: null } | { input: null; errors: Record<string, string> } {
  const orNull = (text: string) => (text.trim() === "" ? null : text.trim());
  const settings = PreparationSettings.safeParse({
    python: values.python.trim() || "python3",
    indexUrl: orNull(values.indexUrl),
    extraIndexUrl: orNull(values.extraIndexUrl),
    indexUsername: orNull(values.indexUsername),
    proxyUrl: orNull(values.proxyUrl),
    proxyUsername: orNull(values.proxyUsername),
    torch: orNull(values.torch),
    examplesSource: values.examplesSource,
    examplesUrl: values.examplesUrl.trim(),
    examplesRef: values.examplesRef.trim(),
    models: values.models.split(/[\s,]+/).filter((name) => name !== ""),
    hubDirectory: orNull(values.hubDirectory),
    hubUrl: orNull(values.hubUrl),
    isOffline: values.isOffline,
  });
  const given = PREPARATION_SECRETS.flatMap((name): [string, string | null][] => {
    if (values[name] !== "") return [[name, values[name]]];
    return values.forgotten.includes(name) ? [[name, null]] : [];
  });
  const secrets = PreparationSecrets.safeParse(Object.fromEntries(given));
  if (settings.success && secrets.success)
    return { input: { settings: settings.data, secrets: secrets.data }, errors: null };
  const errors: Record<string, string> = {};
  for (const [prefix, parsed] of [["settings", settings] as const, ["secrets", secrets] as const]) {
    for (const issue of parsed.error?.issues ?? [])
      errors[`${prefix}.${issue.path[0]?.toString()}`] ??= issue.message;
  }
  return { input: null, errors };
}

export function isSecret(key: string): key is PreparationSecretName {
  return PREPARATION_SECRETS.some((name) => name === key);
}

/** Whether one of the fields that are folded away under DeepSpeedExamples has an error to show. */
export function hasExamplesError(errors: Readonly<Record<string, string>>): boolean {
  return ["examplesSource", "examplesUrl", "examplesRef"].some((key) => `settings.${key}` in errors);
}
