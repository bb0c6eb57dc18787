import type { Container } from "@/server/container";
import type { Actor, Context } from "@/server/context";

export type Asked = { verb: string; input: unknown }[];

interface Options {
  /** null: nobody is signed in. */
  actor?: null;
  role?: Actor["role"];
  via?: "session" | "token";
  mustChangePassword?: boolean;
  isDatabaseAvailable?: boolean;
  failWith?: Error;
}

/** A container whose verbs only write down that they were asked: for tests of what stands before them. */
export function testContainer(options: Options = {}): { app: Container; asked: Asked } {
  const asked: Asked = [];
  const actor: Actor = { id: "u1", name: "u1@example.com", role: options.role ?? "admin" };
  const verbs = new Proxy(
    {},
    {
      get: (_target, verb) => async (parts: { input?: unknown }) => {
        asked.push({ verb: String(verb), input: parts.input });
        if (options.failWith) throw options.failWith;
        return {};
      },
    },
  );
  const app = {
    origin: "http://127.0.0.1:3000",
    version: "test",
    startedAt: new Date(),
    log: { error: () => {} },
    state: () => ({ isWorkerConnected: true, isDatabaseAvailable: true }),
    checkDatabase: async () => options.isDatabaseAvailable ?? true,
    contextOf: (by: Actor) => ({ actor: by, log: { child: () => ({}) } }) as unknown as Context,
    actorOf: async () =>
      options.actor === null
        ? null
        : { actor, via: options.via ?? "session", mustChangePassword: options.mustChangePassword ?? false },
    link: verbs,
    preparations: verbs,
    nodes: verbs,
    nodeChecks: verbs,
    runs: verbs,
    datasets: verbs,
    estimates: verbs,
    evaluations: verbs,
    recipes: verbs,
    logs: verbs,
    scalars: verbs,
    telemetry: verbs,
    tokens: verbs,
  };
  // Safe because the routes under test use no more of it than stands above.
  return { app: app as unknown as Container, asked };
}
