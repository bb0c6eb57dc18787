import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { HostKey, type NodeSettings } from "../contracts/nodes";

const PracticeServer = z.object({
  host: z.string(),
  port: z.number(),
  username: z.string(),
  password: z.string(),
  hostKey: HostKey,
});
/** Where the simulated node listens. Its password is made on this machine, for this machine. */
export type PracticeServer = z.infer<typeof PracticeServer>;

/** What the practice node needs to be told apart from a real one: its evaluation program lies on its PATH. */
export const PRACTICE_SETTINGS = { evaluationProgram: "trainyard-evaluate" } satisfies Partial<NodeSettings>;

/** null: there is none, or it is still starting. */
export async function readPracticeServer(dataDirectory: string): Promise<PracticeServer | null> {
  const text = await readFile(join(dataDirectory, "practice", "server.json"), "utf8").catch(() => null);
  return text === null ? null : PracticeServer.parse(JSON.parse(text));
}
