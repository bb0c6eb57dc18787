/**
 * Several texts in Prometheus' exposition format as one: the samples of a metric that more than one text has stand
 * together, as the format asks. Names and help are taken from the first.
 */
export function mergeExpositions(texts: readonly string[]): string {
  const families = new Map<string, { head: string[]; samples: string[] }>();
  for (const text of texts) {
    let name = "";
    let isKnown = false;
    for (const line of text.split("\n")) {
      if (line === "") continue;
      const [, kind, named] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? [];
      if (kind !== undefined && named !== undefined && named !== name) {
        name = named;
        isKnown = families.has(name);
      }
      const family = families.get(name) ?? { head: [], samples: [] };
      families.set(name, family);
      if (kind === undefined) family.samples.push(line);
      else if (!isKnown) family.head.push(line);
    }
  }
  const lines = [...families.values()].flatMap(({ head, samples }) => [...head, ...samples]);
  return `${lines.join("\n")}\n`;
}
