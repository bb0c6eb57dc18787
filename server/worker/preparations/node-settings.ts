import type { PoolClient } from "pg";
import { z } from "zod";
import { NodeSettings } from "../../contracts/nodes";
import type { PreparationSettings } from "../../contracts/preparation";
import { type PreparedPaths, preparedEnv } from "./render-job";

/** The part of a node's settings that preparing sets. */
export const PreparedPart = NodeSettings.pick({
  virtualEnvironment: true,
  examplesDirectory: true,
  env: true,
});
export type PreparedPart = z.infer<typeof PreparedPart>;

/** What the last success set, and what stood in its place before. null: nothing is prepared. */
export interface Preparation {
  applied: PreparedPart;
  replaced: PreparedPart;
}

export function preparedPart(settings: PreparationSettings, paths: PreparedPaths): PreparedPart {
  const { virtualEnvironment, examplesDirectory } = paths;
  return { virtualEnvironment, examplesDirectory, env: preparedEnv(settings, paths) };
}

/** The settings as they would be had nothing been prepared. What somebody set otherwise since is theirs and stays. */
export function withoutPreparation(settings: NodeSettings, preparation: Preparation | null): NodeSettings {
  if (preparation === null) return settings;
  const { applied, replaced } = preparation;
  const isOurs = (name: string) => name in applied.env && applied.env[name] === settings.env[name];
  const kept = Object.entries(settings.env).filter(([name]) => !isOurs(name));
  const earlier = Object.entries(replaced.env).filter(([name]) => isOurs(name));
  const back = (key: "virtualEnvironment" | "examplesDirectory") =>
    settings[key] === applied[key] ? replaced[key] : settings[key];
  return {
    ...settings,
    virtualEnvironment: back("virtualEnvironment"),
    examplesDirectory: back("examplesDirectory"),
    env: Object.fromEntries([...earlier, ...kept]),
  };
}

/** The settings with what was prepared, and what has to be remembered for taking it back. */
export function withPreparation(
  own: NodeSettings,
  applied: PreparedPart,
): { settings: NodeSettings; replaced: PreparedPart } {
  const { virtualEnvironment, examplesDirectory } = own;
  const env = Object.fromEntries(Object.entries(own.env).filter(([name]) => name in applied.env));
  return {
    settings: { ...own, ...applied, env: { ...own.env, ...applied.env } },
    replaced: { virtualEnvironment, examplesDirectory, env },
  };
}

const Stored = z.object({
  settings: NodeSettings,
  replaced: PreparedPart.nullable(),
  applied: PreparedPart.nullable(),
});

/** The node's settings without what was prepared. `fallback`: what was applied by a version that did not keep it. */
export async function loadOwnSettings(
  client: PoolClient,
  nodeId: string,
  fallback: PreparedPart,
): Promise<NodeSettings> {
  const { rows } = await client.query(
    `SELECT n.settings, p.replaced, p.applied FROM node n JOIN node_preparation p ON p."nodeId" = n.id
     WHERE n.id = $1 FOR UPDATE OF n`,
    [nodeId],
  );
  const { settings, replaced, applied } = Stored.parse(rows[0]);
  return withoutPreparation(settings, replaced && { replaced, applied: applied ?? fallback });
}
