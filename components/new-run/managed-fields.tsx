import { ChevronRight } from "lucide-react";
import type { RecipeField } from "@/server/contracts/recipes";

/** Flags that nobody has to set: shown, not edited. */
export function ManagedFields({ fields }: { fields: readonly RecipeField[] }) {
  const managed = fields.filter((field) => field.group === "managed");
  return (
    <details className="group border-t">
      <summary className="flex h-10 cursor-pointer list-none items-center gap-2 rounded text-muted">
        <ChevronRight aria-hidden className="size-4 transition-transform duration-100 group-open:rotate-90" />
        <span className="num">{managed.length}</span> flags that Trainyard sets itself
      </summary>
      <dl className="grid gap-x-6 gap-y-2 pb-4 sm:grid-cols-2 sm:pl-[120px]">
        {managed.map((field) => (
          <div key={field.name}>
            <dt className="num">{field.flag}</dt>
            <dd className="text-muted text-xs">{field.help}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
