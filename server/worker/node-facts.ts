import { join } from "node:path/posix";
import { DEFAULT_WORK_DIRECTORY, type NodeInventory, type NodeSettings } from "../contracts/nodes";
import { AppError } from "../errors";
import type { NodeFacts } from "./attempts";

/** What launching needs to know about a node. @throws AppError PRECONDITION when its home directory is unknown */
export function nodeFacts(inventory: NodeInventory, settings: NodeSettings): NodeFacts {
  const { homeDirectory } = inventory;
  if (homeDirectory === null) {
    throw new AppError("PRECONDITION", "The node did not say where its home directory is.");
  }
  const expand = (path: string) =>
    path === "~" ? homeDirectory : path.replace(/^~(?=\/)/, () => homeDirectory);
  return {
    homeDirectory,
    workDirectory: join(expand(settings.workDirectory ?? DEFAULT_WORK_DIRECTORY)),
    examplesDirectory: settings.examplesDirectory
      ? expand(settings.examplesDirectory)
      : inventory.examplesDirectory,
    gpuIndexByUuid: Object.fromEntries(inventory.gpus.map((gpu) => [gpu.uuid, gpu.index])),
  };
}
