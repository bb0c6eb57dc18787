import { handle } from "@/app/api/handle";

export const GET = handle("listGpus", ({ ctx, app, params }) => app.nodes.listGpus({ ctx, input: params }));
