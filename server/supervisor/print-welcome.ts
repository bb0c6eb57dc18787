import type { Trainyard } from "./start-trainyard";

/** The lines that a person who started Trainyard in a terminal needs: where it is, and how to get in the first time. */
export function printWelcome({ origin, firstAdmin }: Pick<Trainyard, "origin" | "firstAdmin">): void {
  const lines = ["", `  Trainyard is ready: ${origin}`];
  if (firstAdmin) {
    lines.push("", `  Sign in as   ${firstAdmin.email}`, `  with         ${firstAdmin.password}`);
    lines.push("  This password is shown once and has to be changed at the first sign-in.");
  }
  process.stdout.write(`${lines.join("\n")}\n\n`);
}
