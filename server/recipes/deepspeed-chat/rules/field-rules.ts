import { STAGE_KINDS } from "../../../contracts/statuses";
import { validateStage } from "../../validate";
import { fieldsOf } from "../fields";
import { type Found, fieldPath, type Rule, setField } from "./rule";

/** Each value by itself, against the flags of the node's own checkout. */
export const FIELD_RULES: readonly Rule[] = [
  {
    id: "invalid-value",
    check: ({ parameters, node }) =>
      STAGE_KINDS.flatMap((stage) =>
        validateStage(parameters.stages[stage], {
          fields: fieldsOf(stage, node.checkout),
          path: `stages.${stage}`,
        }).map((problem): Found => ({ severity: "error", ...problem })),
      ),
  },
  {
    // argparse ends a program that is given a flag it does not know.
    id: "flag-not-in-checkout",
    check: ({ parameters, node }) =>
      STAGE_KINDS.flatMap((stage) =>
        fieldsOf(stage, node.checkout)
          .filter((field) => field.isAbsent && field.group !== "managed")
          .filter(({ name }) => isPassed(parameters.stages[stage].fields[name]))
          .map(({ name, flag }): Found => {
            const path = fieldPath(stage, name);
            return {
              severity: "error",
              path,
              message: `The checkout on ${node.name} has no ${flag}: its program ends at once.`,
              fix: setField("Leave it out", path, null),
            };
          }),
      ),
  },
];

function isPassed(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value) || value === 0;
}
