import checkFiles from "../scripts/check-files.sh";
import { expectSuccess, type NodeConnection } from "../ssh";

export interface ExpectedFilesCheck {
  hasExpectedFiles: boolean;
  /** The first pattern of each group of which nothing was saved since the start. */
  missing: string[];
}

/**
 * Did the attempt save what its command promised? Each group needs one pattern with a match below `outputDirectory` that is
 * not empty and not from before its start.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT, REMOTE_COMMAND_FAILED
 */
export async function checkExpectedFiles(options: {
  connection: NodeConnection;
  directory: string;
  outputDirectory: string;
  expectedFiles: readonly (readonly string[])[];
}): Promise<ExpectedFilesCheck> {
  const { connection, directory, outputDirectory, expectedFiles } = options;
  const patterns = expectedFiles.flat();
  if (patterns.length === 0) return { hasExpectedFiles: true, missing: [] };
  const result = await connection.runScript(checkFiles, { args: [outputDirectory, directory, ...patterns] });
  const answers = expectSuccess(result, "Looking for checkpoints").toString("utf8").split("\n");
  const saved = new Set(patterns.filter((_, index) => answers[index] === "saved"));
  const missing = expectedFiles
    .filter((group) => !group.some((pattern) => saved.has(pattern)))
    .map((group) => group[0] ?? "");
  return { hasExpectedFiles: missing.length === 0, missing };
}
