import { textDownload } from "@/app/api/bytes-response";
import { handle } from "@/app/api/handle";

export const GET = handle("getRunScript", async ({ ctx, app, params }) =>
  textDownload(await app.runs.getRunScript({ ctx, input: params }), {
    fileName: `run-${params.id}.sh`,
    contentType: "text/x-shellscript; charset=utf-8",
  }),
);
