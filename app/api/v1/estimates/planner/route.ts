import { handle } from "@/app/api/handle";

export const GET = handle("planHardware", async ({ app, query }) =>
  app.estimates.planHardware({ input: query }),
);
