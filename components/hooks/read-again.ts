import type { Query, QueryClient } from "@tanstack/react-query";

/**
 * Reads what matches again. What is on its way already is read once more when it has come: begun anew at every change,
 * a read over a slow link would never end while something changes.
 */
export async function readAgain(client: QueryClient, predicate: (query: Query) => boolean): Promise<void> {
  const onTheirWay = client.getQueryCache().findAll({ predicate, fetchStatus: "fetching" });
  const isOnItsWay = (query: Query) => onTheirWay.includes(query);
  const idle = client.invalidateQueries(
    { predicate: (query) => predicate(query) && !isOnItsWay(query) },
    { cancelRefetch: false },
  );
  await Promise.allSettled(onTheirWay.map((query) => query.promise));
  await Promise.all([
    idle,
    client.invalidateQueries(
      { predicate: (query) => predicate(query) && isOnItsWay(query) },
      { cancelRefetch: false },
    ),
  ]);
}
