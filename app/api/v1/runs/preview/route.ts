import { handle } from "@/app/api/handle";

export const POST = handle("previewRun", ({ ctx, app, body }) => app.runs.previewRun({ ctx, input: body }));
