import { z } from "zod";
import { CreateEvaluationInput, EvaluationSummary, EvaluationView, RunModels } from "../evaluations";
import { Id, PageQuery, pageOf } from "../primitives";
import { type ApiRoute, IdParams, Nothing } from "./api-route";

export const EVALUATION_ROUTES = {
  listEvaluations: {
    method: "GET",
    path: "/evaluations",
    tag: "evaluations",
    summary: "List evaluations, newest first",
    access: "viewer",
    query: PageQuery.extend({ runId: Id.optional() }),
    output: pageOf(EvaluationSummary),
  },
  listRunModels: {
    method: "GET",
    path: "/runs/{id}/models",
    tag: "evaluations",
    summary: "Which models of a run an evaluation can ask",
    access: "viewer",
    params: IdParams,
    output: RunModels,
  },
  createEvaluation: {
    method: "POST",
    path: "/evaluations",
    tag: "evaluations",
    summary: "Ask the models of a run the same prompts",
    access: "operator",
    body: CreateEvaluationInput,
    output: EvaluationView,
    status: 201,
    maxBodyBytes: 4_194_304,
  },
  getEvaluation: {
    method: "GET",
    path: "/evaluations/{id}",
    tag: "evaluations",
    summary: "One evaluation with its answers",
    access: "viewer",
    params: IdParams,
    output: EvaluationView,
  },
  deleteEvaluation: {
    method: "DELETE",
    path: "/evaluations/{id}",
    tag: "evaluations",
    summary: "Delete an ended evaluation",
    access: "operator",
    params: IdParams,
    output: Nothing,
  },
  stopEvaluation: {
    method: "POST",
    path: "/evaluations/{id}/stop",
    tag: "evaluations",
    summary: "Stop an evaluation",
    access: "operator",
    params: IdParams,
    output: EvaluationView,
  },
  exportEvaluation: {
    method: "GET",
    path: "/evaluations/{id}/export",
    tag: "evaluations",
    summary: "Prompts, answers and scores as a file",
    access: "viewer",
    params: IdParams,
    query: z.object({ format: z.enum(["csv", "json"]).default("csv") }),
    output: null,
    contentType: "text/csv; charset=utf-8",
  },
} as const satisfies Record<string, ApiRoute>;
