import { z } from "zod";
import { HealthView } from "../health";
import { CreatedToken, CreateTokenInput, TokenView } from "../tokens";
import { type ApiRoute, IdParams, Nothing } from "./api-route";

export const SYSTEM_ROUTES = {
  listTokens: {
    method: "GET",
    path: "/tokens",
    tag: "tokens",
    summary: "Your API tokens, without the tokens themselves",
    access: "viewer",
    output: z.object({ items: z.array(TokenView) }),
  },
  createToken: {
    method: "POST",
    path: "/tokens",
    tag: "tokens",
    summary: "Make an API token; it is shown in this answer and never again",
    access: "viewer",
    body: CreateTokenInput,
    output: CreatedToken,
    status: 201,
  },
  revokeToken: {
    method: "DELETE",
    path: "/tokens/{id}",
    tag: "tokens",
    summary: "Revoke an API token at once",
    access: "viewer",
    params: IdParams,
    output: Nothing,
  },
  getHealth: {
    method: "GET",
    path: "/health",
    tag: "system",
    summary: "Whether the parts of this installation can work",
    access: "public",
    output: HealthView,
  },
  getOpenApi: {
    method: "GET",
    path: "/openapi.json",
    tag: "system",
    summary: "This document",
    access: "viewer",
    output: z.record(z.string(), z.unknown()),
  },
} as const satisfies Record<string, ApiRoute>;
