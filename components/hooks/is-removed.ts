import type { QueryClient } from "@tanstack/react-query";

/**
 * Whether `path` is of something that this page is deleting or has deleted. It stays on screen until the next page has
 * come, and reading it again meanwhile could only fail.
 */
export function isRemoved(client: QueryClient, path: string): boolean {
  return client
    .getMutationCache()
    .getAll()
    .some(({ meta, state }) => {
      const removes = meta?.removes;
      if (typeof removes !== "string" || state.status === "idle" || state.status === "error") return false;
      return path === removes || path.startsWith(`${removes}/`) || path.startsWith(`${removes}?`);
    });
}
