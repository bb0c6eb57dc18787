import type { FieldValue } from "@/server/contracts/recipes";

/** A value as people type it: 0.00000965 is 9.65e-6. What was typed stays as it is. */
export function fieldText(value: FieldValue | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" && value !== 0 && Math.abs(value) < 1e-3) {
    return value.toExponential().replace("e+", "e");
  }
  return Array.isArray(value) ? value.join(", ") : String(value);
}
