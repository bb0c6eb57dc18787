/** Whether a stream is a terminal that shows colours, as https://no-color.org and FORCE_COLOR say. */
export function isColoured(stream: { isTTY?: boolean }, variables = process.env): boolean {
  if (variables.NO_COLOR) return false;
  if (variables.FORCE_COLOR && variables.FORCE_COLOR !== "0") return true;
  return stream.isTTY === true && variables.TERM !== "dumb";
}
