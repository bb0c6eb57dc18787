// Rules about files that no linter has: sizes, words, and paths that documents name.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const MAX_LINES = 400;
// A program for a node travels as one text, so it cannot be split.
const MAX_SCRIPT_LINES = 450;
const isCode = (file) => /\.(ts|tsx|mjs|js|sh|py)$/.test(file) && !/generated|\.snap$/.test(file);

export function trackedFiles() {
  const list = (args) =>
    execFileSync("git", ["ls-files", ...args], { encoding: "utf8" })
      .split("\n")
      .filter(Boolean);
  try {
    return [...new Set([...list([]), ...list(["--others", "--exclude-standard"])])].filter((file) =>
      existsSync(file),
    );
  } catch {
    // An unpacked archive without git: nothing to list, and the other steps still hold.
    return [];
  }
}

const report = (problems) => (problems.length === 0 ? null : problems.join("\n"));

export function checkSizes() {
  const problems = [];
  for (const file of trackedFiles().filter(isCode)) {
    const lines = readFileSync(file, "utf8").split("\n").length - 1;
    const limit = file.endsWith(".sh") ? MAX_SCRIPT_LINES : MAX_LINES;
    if (lines > limit)
      problems.push(
        `${file}: ${lines} lines; the limit is ${limit}. Split it by the question that each part answers.`,
      );
  }
  return report(problems);
}

const WORD_RULES = [
  { pattern: /\bvi\.mock\(/, where: /\.test\.tsx?$/, message: "no module mocks: inject what has to differ" },
  {
    pattern: /waitForTimeout\(/,
    where: /\.(spec|test)\.ts$|^e2e\//,
    message: "wait for a condition, never for time",
  },
  { pattern: /\b(?:test|it|describe)\.only\(/, where: /\.(spec|test)\.tsx?$/, message: "no .only" },
  {
    pattern: /\bprocess\.env\.[A-Z]/,
    where: /^(app|components|server)\/.*\.tsx?$/,
    except: /^server\/(env\.ts|testing\/|supervisor\/|cli\/|practice\/programs\/)|\.test\.ts$/,
    message: "settings come from server/env.ts",
  },
  {
    pattern: /instanceof AppError/,
    where: /\.tsx?$/,
    message: "use isAppError: Next has its own copy of the class",
  },
  {
    pattern: /\.exec\(`/,
    where: /^server\/worker\//,
    message: "remote commands are constants; arguments travel as data",
  },
  {
    pattern: /["']use server["']/,
    where: /^(app|components)\//,
    message: "no server actions: the pages use the HTTP API",
  },
  {
    pattern: /\bconsole\.(?:log|info|debug)\(/,
    where: /^(app|components|server)\/.*\.tsx?$/,
    except: /^server\/practice\/programs\/|\.test\.ts$/,
    message: "use the logger",
  },
  { pattern: /\b(?:TODO|FIXME|XXX)\b/, where: /\.(tsx?|mjs|sh|py)$/, message: "finish it, or file it" },
];
/** Words that speak of where this was made instead of what it is. */
const FOREIGN = /\/work\/(?:main|shared)|registry\.npmjs|pypi\.org\/simple|\bissue #?\d/i;

export function checkWords() {
  const problems = [];
  const self = "server/cli/check-files.mjs";
  for (const file of trackedFiles()) {
    if (file === self || !/\.(tsx?|mjs|cjs|js|sh|py|md|json|css)$/.test(file) || file === "package-lock.json")
      continue;
    const lines = readFileSync(file, "utf8").split("\n");
    lines.forEach((line, index) => {
      for (const rule of WORD_RULES) {
        if (!rule.where.test(file) || rule.except?.test(file) || !rule.pattern.test(line)) continue;
        problems.push(`${file}:${index + 1}: ${rule.message}`);
      }
      if (FOREIGN.test(line)) problems.push(`${file}:${index + 1}: speaks of something outside the project`);
    });
  }
  return report(problems);
}

/** Every path in backticks that begins with one of our folders has to exist. */
export function checkPaths() {
  const problems = [];
  for (const file of trackedFiles().filter((name) => name.endsWith(".md"))) {
    for (const [, path] of readFileSync(file, "utf8").matchAll(
      /`((?:app|components|server|prisma|e2e|bench|docs|public)\/[\w./@[\]()-]+)`/g,
    )) {
      if (!existsSync(path.replace(/\/$/, ""))) problems.push(`${file}: ${path} does not exist`);
    }
  }
  return report(problems);
}
