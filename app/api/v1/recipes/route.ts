import { handle } from "@/app/api/handle";

export const GET = handle("listRecipes", async ({ app }) => ({ items: app.recipes.listRecipes() }));
