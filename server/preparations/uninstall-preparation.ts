import type { Context } from "../context";
import type { PreparationView } from "../contracts/preparation";
import { AppError } from "../errors";
import { getPreparation } from "./get-preparation";
import { requestJob } from "./request-job";

/**
 * Asks for everything that preparing made on the node to be removed, and for nothing else.
 * @throws AppError NOT_FOUND, CONFLICT (something is under way), PRECONDITION (nothing was ever prepared)
 */
export async function uninstallPreparation({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<PreparationView> {
  const before = await getPreparation({ ctx, input });
  if (before.job === null)
    throw new AppError("PRECONDITION", "Nothing was prepared on this node, so there is nothing to remove.");
  await requestJob({
    ctx,
    nodeId: input.id,
    action: "uninstall",
    settings: before.settings,
    auditDetail: { hubDirectory: before.settings.hubDirectory ?? "inside the environment" },
  });
  return getPreparation({ ctx, input });
}
