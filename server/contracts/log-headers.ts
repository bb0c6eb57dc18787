/** Of GET /attempts/{id}/log: which bytes of which file the reply holds. */
export const LOG_HEADERS = {
  generation: "x-trainyard-generation",
  offset: "x-trainyard-offset",
  size: "x-trainyard-size",
  isComplete: "x-trainyard-complete",
} as const;
