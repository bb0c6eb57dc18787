import type { z } from "zod";
import type { FieldProblem } from "@/server/contracts/errors";
import { AppError, validationError } from "@/server/errors";

const DEFAULT_BODY_BYTES = 262_144;

/** Parses with the field's dotted path in every complaint. @throws AppError VALIDATION */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw validationError(parsed.error.issues.map(problemOf));
}

function problemOf(issue: z.core.$ZodIssue): FieldProblem {
  return { path: issue.path.map(String).join("."), message: issue.message };
}

export function queryOf(request: Request): Record<string, string> {
  return Object.fromEntries(new URL(request.url).searchParams);
}

/** @throws AppError VALIDATION when it is no JSON or larger than allowed; never reads further than the limit */
export async function jsonBodyOf(request: Request, maxBytes = DEFAULT_BODY_BYTES): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new AppError("VALIDATION", "The body has to be application/json.");
  const text = await readText(request, maxBytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("VALIDATION", "The body is not valid JSON.", { cause });
  }
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of streamOf(request)) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new AppError("VALIDATION", `The body is larger than ${maxBytes / 1024} KiB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The body as it comes, for files. @throws AppError VALIDATION when whoever sent it went away in the middle: no fault of ours */
export async function* streamOf(request: Request): AsyncGenerator<Uint8Array> {
  const reader = request.body?.getReader();
  if (reader === undefined) return;
  for (let step = await read(reader); !step.done; step = await read(reader)) yield step.value;
}

function read(reader: ReadableStreamDefaultReader<Uint8Array>) {
  return reader.read().catch((cause: unknown) => {
    throw new AppError("VALIDATION", "The request ended before its body was whole.", { cause });
  });
}
