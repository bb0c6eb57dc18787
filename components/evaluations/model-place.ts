/** The end of a path that tells models of one run apart: "/…/runs/<uuid>/ppo-1/actor" → "ppo-1/actor"; hub names as they are. */
export function modelPlace(path: string): string {
  if (!path.startsWith("/")) return path;
  const parts = path.split("/").filter(Boolean);
  const run = parts.findLastIndex((part) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(part));
  return run >= 0 && run < parts.length - 1 ? parts.slice(run + 1).join("/") : parts.slice(-2).join("/");
}
