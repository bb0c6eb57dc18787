/** One NAME=value a line. A line without "=" is kept as a name, so that its check can refuse it. */
export function parseEnv(text: string): Record<string, string> {
  const env: Record<string, string> = {};
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const cut = line.indexOf("=");
    if (cut < 0) env[line.trim()] = "";
    else env[line.slice(0, cut).trim()] = line.slice(cut + 1);
  }
  return env;
}

export function formatEnv(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");
}
