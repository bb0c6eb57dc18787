import type { RecipeField } from "@/server/contracts/recipes";

export interface FieldGroup {
  section: string;
  fields: RecipeField[];
}

export const FIELD_VIEWS = ["basic", "all", "changed"] as const;
export type FieldView = (typeof FIELD_VIEWS)[number];

export interface FieldChoice {
  view: FieldView;
  /** Words that all have to stand in a field's label, flag, help or section; they look at every field. */
  search: string;
  isChanged: (name: string) => boolean;
  hasProblem: (name: string) => boolean;
}

/** The fields to show, by section in the recipe's order. One with a problem is always shown: an error must not hide. */
export function chooseFields(fields: readonly RecipeField[], choice: FieldChoice): FieldGroup[] {
  const words = choice.search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = fields.filter((field) => {
    if (field.group === "managed") return false;
    if (choice.hasProblem(field.name)) return true;
    if (words.length > 0) return words.every((word) => textOf(field).includes(word));
    if (choice.view === "changed") return choice.isChanged(field.name);
    return choice.view === "all" || field.group === "basic";
  });
  return bySection(shown);
}

function textOf({ label, flag, help, section }: RecipeField): string {
  return `${label} ${flag} ${flag.replaceAll("_", " ")} ${help} ${section}`.toLowerCase();
}

function bySection(fields: readonly RecipeField[]): FieldGroup[] {
  const sections = new Map<string, RecipeField[]>();
  for (const field of fields) sections.set(field.section, [...(sections.get(field.section) ?? []), field]);
  // Basic ones lead their section.
  return [...sections].map(([section, own]) => ({
    section,
    fields: own.toSorted((a, b) => Number(a.group !== "basic") - Number(b.group !== "basic")),
  }));
}
