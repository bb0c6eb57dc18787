const BOLD = 1;
const DIM = 2;

export interface Welcome {
  origin: string;
  dataDirectory: string;
  /** The database is ours, and lies in the data directory. */
  isEmbedded: boolean;
  /** Set until somebody has signed in as the first account. */
  firstAdmin: { email: string; password: string } | null;
}

/** What a person who started Trainyard needs: where it is, how to get in the first time, where things are, how to stop. */
export function renderWelcome(
  { origin, firstAdmin, dataDirectory, isEmbedded }: Welcome,
  options: { isColoured: boolean },
): string {
  const paint = (code: number, text: string) =>
    options.isColoured ? `\u001b[${code}m${text}\u001b[0m` : text;
  const line = (label: string, value: string, note = "") =>
    `  ${paint(DIM, label.padEnd(12))} ${value}${note && `   ${paint(DIM, note)}`}`;
  const lines = ["", `  Trainyard is ready: ${paint(BOLD, origin)}`, ""];
  if (firstAdmin) {
    lines.push(
      line("Sign in as", firstAdmin.email),
      line("with", paint(BOLD, firstAdmin.password), "shown once; you choose your own at the first sign-in"),
      "",
    );
  }
  lines.push(
    line("Data", dataDirectory, isEmbedded ? "" : "and the database of DATABASE_URL"),
    line("Stop", "Ctrl-C", "training on nodes goes on"),
  );
  return `${lines.join("\n")}\n\n`;
}
