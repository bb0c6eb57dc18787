import type { Context } from "../context";
import type { FieldProblem } from "../contracts/errors";
import type { WorkerLink } from "../contracts/link";
import {
  type PreparationSecretName,
  type PreparationSettings,
  type PreparationView,
  PrepareNodeInput,
} from "../contracts/preparation";
import { inTransaction } from "../db";
import { AppError, validationError } from "../errors";
import { getPreparation } from "./get-preparation";
import { admitJob, requestJob } from "./request-job";

/**
 * Asks for the node's environment to be made. Secrets are stored first, so that the job never starts without them.
 * @throws AppError VALIDATION, NOT_FOUND, PRECONDITION (practice node, archive missing, no worker), CONFLICT
 */
export async function prepareNode(parts: {
  ctx: Context;
  link: WorkerLink;
  input: PrepareNodeInput & { id: string };
}): Promise<PreparationView> {
  const { ctx, link } = parts;
  const nodeId = parts.input.id;
  const { settings: asked, secrets } = PrepareNodeInput.parse(parts.input);
  const before = await getPreparation({ ctx, input: { id: nodeId } });
  if (before.refusal !== null) throw new AppError("PRECONDITION", before.refusal);
  const settings = asked ?? before.settings;
  const has = (name: PreparationSecretName) =>
    secrets[name] === undefined ? before.storedSecrets.includes(name) : secrets[name] !== null;
  const kept = before.storedSecrets.filter((name) => secrets[name] === undefined);
  const problems = [
    ...findProblems(settings, { has, hasArchive: before.archive !== null }),
    ...findMovedSecrets(kept, { before: before.settings, after: settings }),
  ];
  if (problems.length > 0) throw validationError(problems);
  // Before the secrets: a refused request changes nothing of the job that is under way.
  await inTransaction(ctx.db.pool, (client) => admitJob(client, nodeId, "prepare"));
  if (Object.keys(secrets).length > 0)
    await link.request("nodes.storePreparationSecrets", { nodeId, secrets });
  const { examplesSource, examplesRef, models, isOffline } = settings;
  await requestJob({
    ctx,
    nodeId,
    action: "prepare",
    settings,
    auditDetail: { examplesSource, examplesRef, models: models.join(", "), isOffline },
  });
  return getPreparation({ ctx, input: { id: nodeId } });
}

function findProblems(
  settings: PreparationSettings,
  stored: { has: (name: PreparationSecretName) => boolean; hasArchive: boolean },
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const need = (path: string, message: string) => problems.push({ path: `settings.${path}`, message });
  if (settings.indexUsername !== null && settings.indexUrl === null)
    need("indexUrl", "Enter the index that the user name belongs to.");
  if (stored.has("indexPassword") && settings.indexUsername === null && settings.indexUrl !== null)
    need("indexUsername", "Enter the user of the stored index password, or remove the password.");
  if (settings.proxyUsername !== null && settings.proxyUrl === null)
    need("proxyUrl", "Enter the proxy that the user name belongs to.");
  if (stored.has("proxyPassword") && settings.proxyUsername === null && settings.proxyUrl !== null)
    need("proxyUsername", "Enter the user of the stored proxy password, or remove the password.");
  if (settings.examplesSource === "archive" && !stored.hasArchive)
    need("examplesSource", "Upload the archive of DeepSpeedExamples first.");
  return problems;
}

const SENT_TO = {
  hubToken: { address: "hubUrl", whatSent: "hub token" },
  indexPassword: { address: "indexUrl", whatSent: "index password" },
  proxyPassword: { address: "proxyUrl", whatSent: "proxy password" },
} as const satisfies Record<PreparationSecretName, { address: keyof PreparationSettings; whatSent: string }>;
const DEFAULT_HUB = "https://huggingface.co";

/** A stored secret goes only where it was entered for: who may change an address need not be who knows the secret. */
function findMovedSecrets(
  kept: readonly PreparationSecretName[],
  { before, after }: { before: PreparationSettings; after: PreparationSettings },
): FieldProblem[] {
  return kept.flatMap((name) => {
    const { address, whatSent } = SENT_TO[name];
    const originOf = (settings: PreparationSettings) => {
      const url = settings[address] ?? (address === "hubUrl" ? DEFAULT_HUB : null);
      return url === null ? null : new URL(url).origin;
    };
    const origin = originOf(after);
    if (origin === null || origin === originOf(before)) return [];
    const message = `The address changed: enter the ${whatSent} for ${origin}, or remove the stored one.`;
    return [{ path: `secrets.${name}`, message }];
  });
}
