"use client";

import { useState } from "react";
import { useUrlState } from "@/components/hooks/use-url-state";
import type { RecipeView } from "@/server/contracts/recipes";
import { parseFieldPath } from "./field-path";
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
  const { part, place, name } = parseFieldPath(path);
  if (place !== "fields" || (view === "all" && search === "")) return false;
  const field = recipe.stages.find(({ kind }) => kind === part)?.fields.find((one) => one.name === name);
  return view === "changed" || search !== "" || field?.group !== "basic";
}
