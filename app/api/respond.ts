import type { Container } from "@/server/container";
import type { ErrorBody } from "@/server/contracts/errors";
import { AppError, httpStatus, isAppError, publicError } from "@/server/errors";

/** The reply of a failed request. An unknown error is logged under the request id and told without its message. */
export async function errorResponse(
  error: unknown,
  parts: { app: Container; request: Request; requestId: string },
): Promise<Response> {
  const { app, request, requestId } = parts;
  const shown = isAppError(error) ? error : await unknownError(error, app);
  if (!isAppError(error) || shown.code === "INTERNAL") {
    const path = new URL(request.url).pathname;
    app.log.error({ err: error, requestId, method: request.method, path }, "a request failed");
  }
  const body: ErrorBody = { error: { ...publicError(shown), requestId } };
  return Response.json(body, {
    status: httpStatus(shown.code),
    headers: { "cache-control": "no-store", "x-request-id": requestId },
  });
}

async function unknownError(error: unknown, app: Container): Promise<AppError> {
  if (await app.checkDatabase())
    return new AppError("INTERNAL", publicError(error).message, { cause: error });
  return new AppError("INTERNAL", "The database cannot be reached.", {
    cause: error,
    hint: "Training goes on. This page catches up as soon as the database is back.",
  });
}
