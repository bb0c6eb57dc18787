import type { PlaceFacts, ReadinessFacts } from "./readiness-facts";
import {
  type Check,
  error,
  fixWith,
  gib,
  notApplicable,
  ok,
  shellWord,
  unknown,
  type Verdict,
  warning,
} from "./verdict";

const MIB = 1024;
const GIB = 1024 * 1024;

/** Free KiB below which a place is short or not enough, and what to do then. */
interface Needs {
  errorBelowKiB: number;
  warningBelowKiB: number;
  fix: string;
  /** What needs the space. */
  why: string;
}

const NEEDS: Record<PlaceFacts["role"], Needs> = {
  home: {
    errorBelowKiB: 2 * GIB,
    warningBelowKiB: 10 * GIB,
    why: "a virtual environment with torch takes about 8 GiB",
    fix: "Free space, or move the work directory and the Hugging Face cache to a larger disk in the node's settings.",
  },
  work: {
    errorBelowKiB: 5 * GIB,
    warningBelowKiB: 30 * GIB,
    why: "actor, critic and EMA of a 1.3 B model take about 8 GiB a run",
    fix: "Free space, or name a work directory on a larger disk in the node's settings.",
  },
  tmp: {
    errorBelowKiB: 200 * MIB,
    warningBelowKiB: 2 * GIB,
    why: "compilers and installers unpack there",
    fix: "Free space, or set TMPDIR to a larger disk in the node's variables.",
  },
  shm: {
    errorBelowKiB: 32 * MIB,
    warningBelowKiB: GIB,
    why: "NCCL and data loaders share memory there",
    fix: "Make it larger. In a container start it with --shm-size=16g or --ipc=host.",
  },
  hub: {
    errorBelowKiB: 2 * GIB,
    warningBelowKiB: 20 * GIB,
    why: "OPT-1.3B takes 2.6 GiB, a 7 B model 14 GiB",
    fix: "Free space, or set HF_HOME to a larger disk in the node's variables.",
  },
};

/** The practice node's models are a few kilobytes. */
const PRACTICE_NEEDS = { errorBelowKiB: 100 * MIB, warningBelowKiB: GIB } as const;

function placeOf({ places }: ReadinessFacts, role: PlaceFacts["role"]): PlaceFacts | null {
  return places.find((place) => place.role === role) ?? null;
}

function judgePlace(facts: ReadinessFacts, role: PlaceFacts["role"]): Verdict {
  const place = placeOf(facts, role);
  if (place === null) return unknown("The node did not answer in time: a network disk may hang.");
  const needs = facts.isPractice ? { ...NEEDS[role], ...PRACTICE_NEEDS } : NEEDS[role];
  const fix = fixWith(needs.fix, {
    command: role === "shm" ? "df -h /dev/shm" : `df -h ${shellWord(place.nearest)}`,
    actions: role === "shm" ? [] : ["edit_node"],
  });
  if (place.nearest !== place.path && role === "shm") return error("/dev/shm is not there.", fix);
  if (place.writeError !== null)
    return error(`${place.nearest} cannot be written: ${place.writeError}`, writeFix(role, place));
  if (place.freeInodes === 0 && (place.totalInodes ?? 0) > 0)
    return error(`${place.path}: no file can be created, all ${place.totalInodes} inodes are taken`, fix);
  if (place.freeKiB === null) return unknown(`${place.path}: its free space could not be read`);
  const evidence = `${place.path}: ${gib(place.freeKiB)} free${place.totalKiB === null ? "" : ` of ${gib(place.totalKiB)}`}`;
  if (place.freeKiB < needs.errorBelowKiB) return error(`${evidence}; ${needs.why}`, fix);
  if (place.freeKiB < needs.warningBelowKiB) return warning(`${evidence}; ${needs.why}`, fix);
  return ok(evidence);
}

function writeFix(role: PlaceFacts["role"], place: PlaceFacts) {
  if (/no space|quota/i.test(place.writeError ?? ""))
    return fixWith(NEEDS[role].fix, { command: `df -h ${shellWord(place.nearest)}`, actions: ["edit_node"] });
  if (role !== "tmp" && role !== "shm")
    return fixWith(
      "Give the user the right to write there, or name another directory in the node's settings.",
      {
        command: `ls -ld ${shellWord(place.nearest)}`,
        actions: ["edit_node"],
      },
    );
  // The nearest directory that is there may be anyone's, even "/".
  if (place.nearest !== place.path)
    return fixWith(`${place.path} is missing: make it, or set TMPDIR to a directory that is there.`, {
      command: `ls -ld ${shellWord(place.nearest)}`,
      actions: ["edit_node"],
    });
  return fixWith("Give everybody the right to write there, as systems do by default.", {
    command: `sudo chmod 1777 ${shellWord(place.path)}`,
    actions: [],
  });
}

const FILE_STEP = {
  write: "a directory and a file could not be written",
  rename: "a file could not be renamed",
  link: "a file could not be linked (link(2))",
  exclusive: "a second link over an existing name was accepted",
} as const;

function judgeFiles({ files }: ReadinessFacts): Verdict {
  if (files === null) return unknown("The node did not answer in time: a network disk may hang.");
  if (files.failed === null) return ok(`Written, renamed and linked in ${files.directory}.`);
  return error(
    `${files.directory}: ${FILE_STEP[files.failed]}${files.error ? ` (${files.error})` : ""}`,
    fixWith(
      files.failed === "write"
        ? "Give the user the right to write there, or name another work directory in the node's settings."
        : "How a run ended is recorded with link(2), once. Name a work directory on a disk that has it: not FAT, SMB or an object store.",
      { command: `df -T ${shellWord(files.directory)}`, actions: ["edit_node"] },
    ),
  );
}

/** The work directory's own line, when it is on another disk than the home directory. */
function judgeWork(facts: ReadinessFacts): Verdict {
  const work = placeOf(facts, "work");
  const home = placeOf(facts, "home");
  if (work?.mount != null && work.mount === home?.mount) {
    const verdict = judgePlace(facts, "work");
    return verdict.state === "ok"
      ? notApplicable(`${work.path} is on the disk of the home directory`)
      : verdict;
  }
  return judgePlace(facts, "work");
}

const place = (id: string, title: string, role: PlaceFacts["role"], isForPractice = true): Check => ({
  id,
  group: "storage",
  title,
  isForPractice,
  judge: (facts) => judgePlace(facts, role),
});

export const STORAGE_CHECKS: readonly Check[] = [
  place("home_disk", "Disk in home", "home"),
  { id: "work_disk", group: "storage", title: "Disk for runs", judge: judgeWork, isForPractice: true },
  place("tmp_disk", "/tmp", "tmp"),
  place("shm", "/dev/shm", "shm", false),
  place("hub_cache", "Hugging Face cache", "hub", false),
  {
    id: "write_rename_link",
    group: "storage",
    title: "Write, rename, link",
    judge: judgeFiles,
    isForPractice: true,
  },
];
