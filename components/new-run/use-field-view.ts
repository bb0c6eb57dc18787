"use client";

import { useState } from "react";
import { useUrlState } from "@/components/hooks/use-url-state";
import type { RecipeView } from "@/server/contracts/recipes";
import { FIELD_VIEWS, type FieldView } from "./group-fields";

export interface FieldViewState {
  view: FieldView;
  search: string;
  setView: (view: string) => void;
  setSearch: (search: string) => void;
  showAll: () => void;
}

/** Which of a stage's fields are shown. It is the same for all stages. */
export function useFieldView(): FieldViewState {
  const [viewText, setView] = useUrlState("fields", "basic");
  const [search, setSearch] = useState("");
  const view = FIELD_VIEWS.find((one) => one === viewText) ?? "basic";
  function showAll() {
    setSearch("");
    setView("all");
  }
  return { view, search, setView, setSearch, showAll };
}

/** Whether the path's field may be hidden by what is chosen or searched for. */
export function isHiddenField(path: string, recipe: RecipeView, { view, search }: FieldViewState): boolean {
  const match = /^stages\.(\w+)\.fields\.(\w+)$/.exec(path);
  if (!match || (view === "all" && search === "")) return false;
  const fields = recipe.stages.find(({ kind }) => kind === match[1])?.fields ?? [];
  const field = fields.find(({ name }) => name === match[2]);
  return view === "changed" || search !== "" || field?.group !== "basic";
}
