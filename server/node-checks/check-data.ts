import type { NodeAnswer } from "../contracts/node-checks";
import type { Finding } from "../contracts/runs";
import { checkHubData } from "./check-hub-data";
import { found, type NodeCheckFacts, type Verdict } from "./facts";
import type { StageNeed } from "./questions";

type Folder = StageNeed["folders"][number];
type FolderAnswer = NodeAnswer["folders"][number];

/**
 * Data that a stage reads: whether it is in its directory of the node, in the node's cache, or to be had from the hub. Its
 * columns are no question of this. Pure.
 */
export function checkData(facts: NodeCheckFacts): Verdict {
  const verdicts = [checkFolders(facts), checkHubData(facts)];
  return {
    findings: verdicts.flatMap(({ findings }) => findings),
    checked: verdicts.flatMap(({ checked }) => checked),
  };
}

function checkFolders({ node, needs, answers }: NodeCheckFacts): Verdict {
  const findings: Finding[] = [];
  const checked = new Set<string>();
  for (const { stage, question, folders } of needs) {
    for (const folder of folders) {
      const answer = answers[question];
      const there = answer?.folders.find(({ path }) => path === folder.path);
      if (!answer || !there) continue;
      const names = { nodeName: node.name, username: answer.username };
      const message = folderProblem(folder, there, names);
      const path = `stages.${stage}.fields.${folder.field}`;
      const about = [folder.name];
      if (message !== null)
        findings.push(found({ id: "data-on-node", severity: "error", path, about, message }));
      else checked.add(`${folder.name} is on ${node.name} and can be read.`);
    }
  }
  return { findings, checked: [...checked] };
}

function folderProblem(
  { name, path, kind }: Folder,
  { state, files }: FolderAnswer,
  { nodeName, username }: { nodeName: string; username: string | null },
): string | null {
  const shown = name.replace(/\/+$/, "") === path ? path : `${name} (${path})`;
  switch (state) {
    case "absent":
      return `${nodeName} has no directory ${shown}.`;
    case "no_directory":
      return `${shown} on ${nodeName} is a file. Name the directory that holds train.json and eval.json.`;
    case "closed":
      return `${username ?? "The user"} may not read ${shown} on ${nodeName}.`;
    case "there":
      return kind === "rows" ? rowsProblem(shown, files) : savedProblem(shown, files);
  }
}

function rowsProblem(shown: string, files: readonly string[]): string | null {
  const lacking = ["train.json", "eval.json"].filter((file) => !files.includes(file));
  if (lacking.length === 0) return null;
  return `${shown} holds no ${lacking.join(" and no ")} that can be read and is not empty.`;
}

function savedProblem(shown: string, files: readonly string[]): string | null {
  if (files.includes("dataset_dict.json")) return null;
  return `${shown} holds no dataset_dict.json: the program reads there what save_to_disk of a data set with its splits wrote.`;
}
