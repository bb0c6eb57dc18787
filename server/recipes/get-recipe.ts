import { type Preset, RECIPE_IDS, type RecipeView } from "../contracts/recipes";
import { AppError } from "../errors";
import { PRESETS } from "./deepspeed-chat/presets";
import { DEEPSPEED_CHAT } from "./deepspeed-chat/recipe";

const RECIPES: Record<(typeof RECIPE_IDS)[number], { view: RecipeView; presets: readonly Preset[] }> = {
  "deepspeed-chat": { view: DEEPSPEED_CHAT, presets: PRESETS },
};

export function listRecipes(): RecipeView[] {
  return RECIPE_IDS.map((id) => RECIPES[id].view);
}

/** @throws AppError NOT_FOUND */
export function getRecipe(id: string): RecipeView {
  return entry(id).view;
}

/** @throws AppError NOT_FOUND */
export function listPresets(id: string): Preset[] {
  return [...entry(id).presets];
}

function entry(id: string) {
  const known = RECIPE_IDS.find((recipeId) => recipeId === id);
  if (known === undefined) throw new AppError("NOT_FOUND", `There is no recipe ${id}.`);
  return RECIPES[known];
}
