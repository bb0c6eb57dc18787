import type { RecipeField } from "@/server/contracts/recipes";

export interface FieldGroup {
  section: string;
  fields: RecipeField[];
}

/** The form's order: basic fields by section, advanced ones by section, then what Trainyard sets itself. */
export function groupFields(fields: readonly RecipeField[]): {
  basic: FieldGroup[];
  advanced: FieldGroup[];
  managed: RecipeField[];
} {
  return {
    basic: bySection(fields.filter((field) => field.group === "basic")),
    advanced: bySection(fields.filter((field) => field.group === "advanced")),
    managed: fields.filter((field) => field.group === "managed"),
  };
}

function bySection(fields: readonly RecipeField[]): FieldGroup[] {
  const sections = new Map<string, RecipeField[]>();
  for (const field of fields) sections.set(field.section, [...(sections.get(field.section) ?? []), field]);
  return [...sections].map(([section, own]) => ({ section, fields: own }));
}
