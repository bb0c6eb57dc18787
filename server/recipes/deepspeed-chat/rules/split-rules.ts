import { STAGE_KINDS, STAGE_LABEL } from "../../../contracts/statuses";
import { type Found, fieldPath, type Rule, type RuleInput, setField } from "./rule";
import { dividedSets, phaseRows, phaseShare, wholeSets } from "./stage-data";

const USUAL_SPLIT = "2,4,4";

/** How rows are divided among the stages (get_raw_dataset_split_index and get_shuffle_idx of data_utils.py). */
export const SPLIT_RULES: readonly Rule[] = [
  {
    // An empty part ends supervised fine-tuning and the reward model with an exception, and PPO without a step.
    id: "split-leaves-nothing",
    check: (input) => [...emptyShares(input), ...emptyUploads(input)],
  },
  {
    id: "split-differs",
    check: (input) => {
      const [reward, ppo] = [input.value("reward", "data_split"), input.value("ppo", "data_split")];
      const [learned, asked] = [phaseShare(String(reward), "reward"), phaseShare(String(ppo), "ppo")];
      if (reward === ppo || learned === null || asked === null || shared(input).length === 0) return [];
      const isApart = asked.from >= learned.to || asked.to <= learned.from;
      if (isApart) return [];
      const path = fieldPath("ppo", "data_split");
      const message = `The reward model splits its data ${reward}, PPO ${ppo}: PPO will see prompts that the reward model was trained on.`;
      return [{ severity: "warning", path, message, fix: setField(`Use ${reward} in PPO`, path, reward) }];
    },
  },
  {
    // The seed orders the rows before they are cut into parts.
    id: "seed-differs",
    check: (input) => {
      const [reward, ppo] = [input.value("reward", "seed"), input.value("ppo", "seed")];
      if (reward === ppo || shared(input).length === 0) return [];
      const path = fieldPath("ppo", "seed");
      const message = `The seed orders the rows before they are divided: with ${ppo ?? "none"} in PPO and ${reward ?? "none"} in the reward model PPO will see prompts that the reward model was trained on.`;
      return [
        { severity: "note", path, message, fix: setField(`Use ${reward ?? "none"} in PPO`, path, reward) },
      ];
    },
  },
  {
    id: "prompts-not-judged",
    check: (input) => {
      const learned = dividedSets(input, "reward");
      const singles = input.uploaded.filter(({ hasPairs }) => !hasPairs).map(({ reference }) => reference);
      // What cannot be trained on at all is told of elsewhere.
      const strange = dividedSets(input, "ppo")
        .filter((name) => !learned.includes(name) && !singles.includes(name))
        .map((name) => name.replace(/^dataset:/, ""));
      if (strange.length === 0 || learned.length === 0) return [];
      const path = fieldPath("ppo", "data_path");
      const message = `PPO asks prompts of ${strange.join(", ")}, which the reward model was not trained on: its scores may mean little there.`;
      return [{ severity: "note", path, message }];
    },
  },
];

function shared(input: RuleInput): string[] {
  const learned = dividedSets(input, "reward");
  return dividedSets(input, "ppo").filter((name) => learned.includes(name));
}

function emptyShares(input: RuleInput): Found[] {
  return STAGE_KINDS.flatMap((stage): Found[] => {
    const split = String(input.value(stage, "data_split"));
    const share = phaseShare(split, stage);
    const sets = dividedSets(input, stage).filter((name) => !isUploaded(input, name));
    const isEmpty = share !== null && share.from === share.to;
    if (!isEmpty || sets.length === 0 || wholeSets(input, stage).length > 0) return [];
    const path = fieldPath(stage, "data_split");
    const message = `The split ${split} leaves no row for ${STAGE_LABEL[stage]}.`;
    return [{ severity: "error", path, message, fix: setField(`Use ${USUAL_SPLIT}`, path, USUAL_SPLIT) }];
  });
}

function isUploaded({ uploaded }: RuleInput, name: string): boolean {
  return uploaded.some(({ reference }) => reference === name);
}

function emptyUploads(input: RuleInput): Found[] {
  return STAGE_KINDS.flatMap((stage) => {
    const split = String(input.value(stage, "data_split"));
    const divided = new Set(dividedSets(input, stage));
    const sets = input.uploaded.filter(({ reference, hasPairs }) => hasPairs && divided.has(reference));
    return sets.flatMap(({ reference, trainCount, evalCount }) => {
      const parts = [
        { part: "training", count: trainCount },
        { part: "evaluation", count: evalCount },
      ];
      const isEnough = parts.every(({ count }) => phaseRows(count, { split: USUAL_SPLIT, stage }) > 0);
      const path = fieldPath(stage, "data_split");
      return parts
        .filter(({ count }) => phaseRows(count, { split, stage }) === 0)
        .map(
          ({ part, count }): Found => ({
            severity: "error",
            path,
            message: `Of the ${count} ${part} rows of ${reference.slice("dataset:".length)} the split ${split} leaves none for this stage. Change the split, or upload with another share for evaluation.`,
            ...(isEnough && { fix: setField(`Use ${USUAL_SPLIT}`, path, USUAL_SPLIT) }),
          }),
        );
    });
  });
}
