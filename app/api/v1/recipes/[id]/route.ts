import { handle } from "@/app/api/handle";

export const GET = handle("getRecipe", async ({ app, params }) => app.recipes.getRecipe(params.id));
