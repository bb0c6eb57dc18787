import { handle } from "@/app/api/handle";

export const GET = handle("listPresets", async ({ app, params }) => ({
  items: app.recipes.listPresets(params.id),
}));
