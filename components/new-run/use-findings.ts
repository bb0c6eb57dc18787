"use client";

import type { ApiError } from "@/components/hooks/api-error";
import type { RecipeView } from "@/server/contracts/recipes";
import { CreateRunInput } from "@/server/contracts/runs";
import type { Draft } from "./draft";
import type { FindingSource } from "./finding-source";
import { nodeSource } from "./node-source";
import { countIssues, type Issue, type IssueCounts, messagesByPath, prepareIssues } from "./prepare-issues";
import { settingsSource } from "./settings-source";
import type { NodeLook } from "./use-node-checks";
import type { Preview } from "./use-preview";

interface FindingsInput {
  draft: Draft;
  recipe: RecipeView;
  preview: Preview;
  node: { name: string; look: NodeLook } | null;
  /** What the rows mean that somebody looked at. */
  rows: FindingSource | null;
  /** Why the last start was refused. */
  refusal: ApiError | null;
}

export interface Findings {
  sources: readonly FindingSource[];
  /** What all sources say, as one list. */
  issues: readonly Issue[];
  counts: IssueCounts;
  /** The settings' own rules could be asked: only then does "no error" mean anything. */
  isChecked: boolean;
  /** Errors and warnings by the path of their field. */
  problems: ReadonlyMap<string, string>;
  doubts: ReadonlyMap<string, string>;
  /** The error that keeps the run from being sent, by what is known of what the form says now. */
  findBlocking: () => Promise<Issue | null>;
}

export function useFindings({ draft, recipe, preview, node, rows, refusal }: FindingsInput): Findings {
  "use memo";
  const others = rows === null ? [] : [rows];
  const settings = settingsSource(preview);
  const sources = [settings, ...(node === null ? [] : [nodeSource(node.name, node.look)]), ...others];
  // What they have not answered yet, the server asks them when the run is created: nobody waits for both.
  const current = sources.slice(1).filter(({ state }) => state === "done");
  const issuesOf = (told: readonly FindingSource[], refused: readonly (ApiError | null)[]) =>
    prepareIssues({
      recipe,
      sources: told,
      refused: [...localProblems(draft), ...refused.flatMap((error) => error?.details.fields ?? [])],
    });
  const issues = issuesOf(sources, [preview.error, refusal]);
  return {
    sources,
    issues,
    counts: countIssues(issues),
    isChecked: settings.state !== "failed",
    problems: messagesByPath(issues, "error"),
    doubts: messagesByPath(issues, "warning"),
    async findBlocking() {
      const settled = await preview.settle();
      const known = [settingsSource({ ...preview, ...settled }), ...current];
      return issuesOf(known, [settled.error]).find(isError) ?? null;
    },
  };
}

function isError({ severity }: Issue): boolean {
  return severity === "error";
}

/** What the contract says of the fields that the preview does not look at. */
function localProblems(draft: Draft): { path: string; message: string }[] {
  const name = CreateRunInput.shape.name.safeParse(draft.name);
  const message = name.error?.issues[0]?.message;
  return [
    ...(message === undefined ? [] : [{ path: "name", message }]),
    ...(draft.nodeId === null ? [{ path: "nodeId", message: "Choose the node that trains." }] : []),
  ];
}
