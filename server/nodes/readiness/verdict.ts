import type { ReadinessFix, ReadinessGroup, ReadinessState } from "../../contracts/readiness";
import type { ReadinessFacts } from "./readiness-facts";

export interface Verdict {
  state: ReadinessState;
  evidence: string;
  fix?: ReadinessFix;
}

/** One line of the list. */
export interface Check {
  id: string;
  group: ReadinessGroup;
  title: string | ((facts: ReadinessFacts) => string);
  judge: (facts: ReadinessFacts) => Verdict;
  /** Whether it says anything about the practice node, whose training is a program of its own. */
  isForPractice?: boolean;
}

export const ok = (evidence: string): Verdict => ({ state: "ok", evidence });
export const unknown = (evidence: string): Verdict => ({ state: "unknown", evidence });
export const notApplicable = (evidence: string): Verdict => ({ state: "not_applicable", evidence });
export const warning = (evidence: string, fix: ReadinessFix): Verdict => ({
  state: "warning",
  evidence,
  fix,
});
export const error = (evidence: string, fix: ReadinessFix): Verdict => ({ state: "error", evidence, fix });

export function fixWith(
  text: string,
  more: { command?: string | null; actions?: ReadinessFix["actions"] } = {},
): ReadinessFix {
  return { text, command: more.command ?? null, actions: more.actions ?? [] };
}

/** How the node's distribution installs packages; null where we do not know it. */
export function installCommand(
  facts: ReadinessFacts,
  packages: { debian: string; fedora: string; alpine?: string },
): string | null {
  const is = (...ids: string[]) => facts.osIds.some((id) => ids.includes(id));
  if (is("debian", "ubuntu")) return `sudo apt-get install -y ${packages.debian}`;
  if (is("fedora", "rhel", "centos")) return `sudo dnf install -y ${packages.fedora}`;
  if (is("alpine")) return `sudo apk add ${packages.alpine ?? packages.debian}`;
  return null;
}

/** `a` is a path that people may paste into a shell. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_./:@%+=,~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** GiB with one digit below 10, without beyond. */
export function gib(kib: number): string {
  const value = kib / 1024 / 1024;
  if (value < 1) return `${Math.floor(kib / 1024)} MiB`;
  return `${value < 10 ? value.toFixed(1) : Math.floor(value).toLocaleString("en-US")} GiB`;
}

/** [major, minor] of "12.4", of "2.13.0+cu130"; null for anything else. */
export function majorMinor(version: string | null): readonly [number, number] | null {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version ?? "") ?? [];
  return major === undefined || minor === undefined ? null : [Number(major), Number(minor)];
}

export function isAtLeast(version: readonly [number, number], wanted: readonly [number, number]): boolean {
  return version[0] > wanted[0] || (version[0] === wanted[0] && version[1] >= wanted[1]);
}
