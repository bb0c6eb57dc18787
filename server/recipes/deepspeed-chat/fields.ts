import { z } from "zod";
import { FIELD_TYPES, FieldValue, type RecipeField } from "../../contracts/recipes";
import type { StageKind } from "../../contracts/statuses";
import { type CheckoutFlags, mergeFields } from "./checkout-flags";
import { ACTOR_CRITIC_TEXT } from "./describe-actor-critic";
import { PPO_TEXT } from "./describe-ppo";
import { SHARED_TEXT } from "./describe-shared";
import { TRAINING_TEXT } from "./describe-training";
import { type FieldText, SECTIONS } from "./field-text";
import flags from "./flags.json";

/** flags.json: what the sources say (DeepSpeedExamples 45b4b7156c87, argparse of the three main.py). */
const Flag = z.object({
  name: z.string(),
  type: z.enum(FIELD_TYPES),
  default: FieldValue,
  choices: z.array(z.string()).optional(),
  isRequired: z.boolean().default(false),
});
const Flags = z.object({ sft: z.array(Flag), reward: z.array(Flag), ppo: z.array(Flag) });

/** Where the same flag means something else in one stage. */
const STAGE_TEXT: Record<StageKind, Record<string, Partial<FieldText>>> = {
  sft: {},
  reward: {
    model_name_or_path: {
      help: "The reward model starts from this one, usually smaller than the actor but with the same tokenizer.",
    },
    learning_rate: { help: "Peak learning rate. The shipped OPT-350M scripts use 5e-5, Llama about 1e-5." },
    max_seq_len: { help: "Prompt and answer together; longer pairs are cut." },
  },
  ppo: {
    num_padding_at_beginning: {
      help: "Tokens that the tokenizer puts before every text: 1 for OPT, 0 for every other model family. Keep it equal to the reward model's.",
    },
  },
};

const TEXT: Readonly<Record<string, FieldText>> = {
  ...SHARED_TEXT,
  ...TRAINING_TEXT,
  ...PPO_TEXT,
  ...ACTOR_CRITIC_TEXT,
};

function toField(stage: StageKind, flag: z.infer<typeof Flag>): RecipeField {
  const base = TEXT[flag.name];
  if (base === undefined) throw new Error(`no text for ${stage} --${flag.name}`);
  const text = { ...base, ...STAGE_TEXT[stage][flag.name] };
  return {
    name: flag.name,
    flag: `--${flag.name}`,
    type: flag.type,
    default: flag.default,
    ...(flag.choices === undefined ? {} : { choices: flag.choices }),
    ...(text.min === undefined ? {} : { min: text.min }),
    ...(text.max === undefined ? {} : { max: text.max }),
    isRequired: flag.isRequired,
    group: text.group,
    section: text.section,
    label: text.label,
    help: text.help,
    ...(text.unit === undefined ? {} : { unit: text.unit }),
  };
}

const parsed = Flags.parse(flags);

/** Every flag of each stage, in the order of the sources. */
export const FIELDS: Record<StageKind, readonly RecipeField[]> = {
  sft: parsed.sft.map((flag) => toField("sft", flag)),
  reward: parsed.reward.map((flag) => toField("reward", flag)),
  ppo: parsed.ppo.map((flag) => toField("ppo", flag)),
};

const BY_NAME: Record<StageKind, ReadonlyMap<string, RecipeField>> = {
  sft: new Map(FIELDS.sft.map((field) => [field.name, field])),
  reward: new Map(FIELDS.reward.map((field) => [field.name, field])),
  ppo: new Map(FIELDS.ppo.map((field) => [field.name, field])),
};

export function findField(stage: StageKind, name: string): RecipeField | null {
  return BY_NAME[stage].get(name) ?? null;
}

/** What the stage's program takes on a node: of its own checkout where that was read, else the shipped list. */
export function fieldsOf(stage: StageKind, checkout: CheckoutFlags | null): readonly RecipeField[] {
  return checkout === null ? FIELDS[stage] : mergeFields(FIELDS[stage], checkout[stage]);
}

/** For the form: the same fields, by heading; what only the checkout has comes last. */
export function fieldsOfForm(stage: StageKind, checkout: CheckoutFlags | null): RecipeField[] {
  return [...fieldsOf(stage, checkout)].sort((a, b) => sectionIndex(a) - sectionIndex(b));
}

function sectionIndex(field: RecipeField): number {
  const names: readonly string[] = SECTIONS;
  const index = names.indexOf(field.section);
  return index === -1 ? names.length : index;
}
