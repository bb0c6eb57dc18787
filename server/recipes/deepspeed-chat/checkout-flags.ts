import { z } from "zod";
import type { FieldValue, RecipeField } from "../../contracts/recipes";
import { STAGE_KINDS, type StageKind } from "../../contracts/statuses";
import { STAGE_LAYOUT } from "./stage-layout";

const MAX_TEXT = 2_000;

/** One flag of a checkout's own argparse. */
const CheckoutFlag = z.object({
  name: z.string(),
  flag: z.string(),
  type: z.enum(["int", "float", "string", "boolean", "choice", "list"]),
  default: z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
  choices: z.array(z.string()).optional(),
  isRequired: z.boolean(),
  help: z.string(),
  /** It comes with DeepSpeed, not with the application: the command line owns it. */
  isInstalled: z.boolean(),
});
export type CheckoutFlag = z.infer<typeof CheckoutFlag>;

/** The flags of a node's checkout by stage; null for a stage whose program is missing or could not be read. */
export const CheckoutFlags = z.object({
  sft: z.array(CheckoutFlag).nullable(),
  reward: z.array(CheckoutFlag).nullable(),
  ppo: z.array(CheckoutFlag).nullable(),
});
export type CheckoutFlags = z.infer<typeof CheckoutFlags>;

const ReadFlag = z.object({
  flag: z.string().regex(/^-{1,2}[A-Za-z][\w-]*$/),
  from: z.string(),
  type: z.string().nullable().optional(),
  default: z.unknown().optional(),
  choices: z.array(z.union([z.string(), z.number()])).optional(),
  help: z.string().nullable().optional(),
  action: z.string().optional(),
  required: z.boolean().optional(),
  nargs: z.union([z.string(), z.number(), z.null()]).optional(),
});
const ReadResult = z.object({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  programs: z.record(z.string(), z.array(z.unknown())),
});

/**
 * What read-flags.py printed. A flag that makes no sense is left out. A stage without a program is null, and so is one whose
 * program shows no flag of its own (it does not use argparse): that says nothing about what it takes.
 * @returns null when it is no such output
 */
export function parseCheckoutFlags(text: string): { hash: string; flags: CheckoutFlags } | null {
  const result = ReadResult.safeParse(parseJson(text));
  if (!result.success) return null;
  const { hash, programs } = result.data;
  const entries = STAGE_KINDS.map((stage): [StageKind, CheckoutFlag[] | null] => {
    const flags = programs[STAGE_LAYOUT[stage].program]?.flatMap(toFlag) ?? [];
    return [stage, flags.some(({ isInstalled }) => !isInstalled) ? flags : null];
  });
  return { hash, flags: CheckoutFlags.parse(Object.fromEntries(entries)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function toFlag(read: unknown): CheckoutFlag[] {
  const parsed = ReadFlag.safeParse(read);
  if (!parsed.success) return [];
  const { flag, from, choices, help, required } = parsed.data;
  const type = typeOf(parsed.data);
  return [
    {
      name: flag.replace(/^-+/, "").replaceAll("-", "_"),
      flag,
      type,
      default: defaultOf(type, parsed.data.default),
      ...(choices === undefined ? {} : { choices: choices.map(String) }),
      isRequired: required ?? false,
      help: (help ?? "").replaceAll("%%", "%").slice(0, MAX_TEXT),
      isInstalled: from === "installed",
    },
  ];
}

function typeOf({ action, nargs, choices, type }: z.infer<typeof ReadFlag>): CheckoutFlag["type"] {
  if (action?.startsWith("store_")) return "boolean";
  if (nargs === "*" || nargs === "+" || typeof nargs === "number") return "list";
  if (choices !== undefined) return "choice";
  return type === "int" || type === "float" ? type : "string";
}

/** A switch is off until it is passed, whatever it stores. */
function defaultOf(type: CheckoutFlag["type"], value: unknown): FieldValue {
  if (type === "boolean") return false;
  if (type === "list") return Array.isArray(value) ? value.map(String) : [];
  if (type === "int" || type === "float") return typeof value === "number" ? value : null;
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : null;
}

/**
 * The fields of a stage on a node: the shipped ones, with what its checkout says about defaults and choices, those that it
 * lacks marked, and at the end those that it alone has. Pure.
 */
export function mergeFields(
  shipped: readonly RecipeField[],
  flags: readonly CheckoutFlag[] | null | undefined,
): RecipeField[] {
  if (flags === null || flags === undefined) return [...shipped];
  const own = new Map(flags.map((flag) => [flag.name, flag]));
  const known = new Set(shipped.map((field) => field.name));
  const merged = shipped.map((field) => mergeField(field, own.get(field.name)));
  const extra = flags.filter((flag) => !known.has(flag.name) && !flag.isInstalled);
  return [...merged, ...extra.map(extraField)];
}

function mergeField(field: RecipeField, own: CheckoutFlag | undefined): RecipeField {
  if (own === undefined) return { ...field, isAbsent: true, isRequired: false };
  if (own.type !== field.type) return field;
  return {
    ...field,
    flag: own.flag,
    default: own.default,
    isRequired: own.isRequired,
    ...(own.choices === undefined ? {} : { choices: own.choices }),
  };
}

function extraField(flag: CheckoutFlag): RecipeField {
  const words = flag.name.replaceAll("_", " ");
  return {
    name: flag.name,
    flag: flag.flag,
    type: flag.type,
    default: flag.default,
    ...(flag.choices === undefined ? {} : { choices: flag.choices }),
    isRequired: flag.isRequired,
    group: flag.isRequired ? "basic" : "advanced",
    section: "Of this checkout",
    label: words.charAt(0).toUpperCase() + words.slice(1),
    help: flag.help === "" ? "A flag that only the node's own checkout has." : flag.help,
  };
}
