import { handle } from "@/app/api/handle";

export const GET = handle("getRecipe", ({ ctx, app, params, query }) =>
  app.runs.getRecipeOfNode({ ctx, input: { ...params, ...query } }),
);
