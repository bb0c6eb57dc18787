import { findingIdOf } from "./data-facts";
import type { Finding } from "./runs";

// Without zod: the new run's form loads it.

/** Why the rows of a data set could not be read at all. */
const UNREADABLE = [
  ...["unknown_name", "is_file", "path_absent", "path_denied", "broken_link", "link_loop", "path_unreadable"],
  ...["part_absent", "saved_folder", "not_file", "empty_file", "hub_absent", "hub_gated", "hub_refused"],
  ...["hub_script", "hub_unreachable", "offline", "practice", "load_failed", "timed_out", "interrupted"],
].map(findingIdOf);

/**
 * What different lookers say of the same trouble with the same data, the most exact first: the node a moment ago, the rows
 * that were read, the rules that know only names.
 */
const SAME_TROUBLE: readonly (readonly (readonly string[])[])[] = [
  [["data-on-node"], UNREADABLE, ["data-unsure", "data-gated"], ["unknown-data-set", "data-folder"]],
  [["data-no-rejected-answers"], ["no-rejected-answers"]],
];
const PLACES = new Map(
  SAME_TROUBLE.flatMap((lookers, trouble) =>
    lookers.flatMap((ids, rank) => ids.map((id) => [id, { trouble, rank }] as const)),
  ),
);
const SEVERITY = { error: 0, warning: 1, note: 2 } as const satisfies Record<Finding["severity"], number>;

/**
 * The same findings with each trouble told once: of those about the same data of the same stage, what the most exact looker
 * says, unless it thinks less of it. What one looker says twice (of the file of each part) stays, as does what is about
 * nothing in particular. Pure.
 */
export function withoutRepeats(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => {
    const { id, about = [] } = finding;
    if (!PLACES.has(id) || about.length === 0) return true;
    // One about several data sets goes when a better one is there for each of them.
    return about.some((name) => !findings.some((other) => tellsBetter(other, finding, name)));
  });
}

function tellsBetter(other: Finding, finding: Finding, name: string): boolean {
  const [better, own] = [PLACES.get(other.id), PLACES.get(finding.id)];
  return (
    better !== undefined &&
    own !== undefined &&
    better.trouble === own.trouble &&
    better.rank < own.rank &&
    other.stage === finding.stage &&
    SEVERITY[other.severity] <= SEVERITY[finding.severity] &&
    (other.about ?? []).includes(name)
  );
}
