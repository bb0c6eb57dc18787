import { expect, it } from "vitest";
import { followTargets, inTurn } from "./follow-targets";

const attempt = {
  attemptId: "a",
  directory: "/w/attempts/a",
  outputDirectory: "/w/runs/r/sft-1",
  eventDirectories: ["/w/runs/r/sft-1/tensorboard/logs", "/elsewhere/"],
};
const file = (path: string) => ({ path, identity: "1:2", size: 3 });
const targets = (...paths: string[]) =>
  followTargets(attempt, paths.map(file)).map(({ kind, path }) => [kind, path]);

it("names the log, the answers and the event files of an attempt", () => {
  expect(
    targets(
      "/w/attempts/a/training.log",
      "/w/attempts/a/answers.jsonl",
      "/w/runs/r/sft-1/tensorboard/logs/x/events.out.tfevents.1",
      "/elsewhere/events.out.tfevents.2",
    ),
  ).toEqual([
    ["log", "training.log"],
    ["answers", "answers.jsonl"],
    ["events", "tensorboard/logs/x/events.out.tfevents.1"],
    ["events", "/elsewhere/events.out.tfevents.2"],
  ]);
});

it("leaves other attempts' files alone, also where one name begins with another", () => {
  expect(
    targets(
      "/w/attempts/b/training.log",
      "/w/attempts/a/sub/training.log",
      "/w/runs/r/sft-1/tensorboard/logs-of-another/events.out.tfevents.1",
      "/w/runs/r/sft-10/tensorboard/logs/events.out.tfevents.1",
    ),
  ).toEqual([]);
});

it("takes what was moved aside for an earlier part of the log, before the log, and leaves archives alone", () => {
  const all = followTargets(
    attempt,
    ["", ".1", "-20260102", ".2.gz", ".d/training.log"].map((end) =>
      file(`/w/attempts/a/training.log${end}`),
    ),
  );
  expect(all.map(({ path, absolutePath, isAside }) => [path, absolutePath.slice(14), isAside])).toEqual([
    ["training.log", "training.log.1", true],
    ["training.log", "training.log-20260102", true],
    ["training.log", "training.log", false],
  ]);
});

it("takes what was moved aside first, then what has least left to read", () => {
  const found = ["training.log.1", "training.log", "answers.jsonl"].map((name) =>
    file(`/w/attempts/a/${name}`),
  );
  const events = file("/elsewhere/events.out.tfevents.2");
  const sized = [...found, events].map((one, index) => ({
    ...one,
    size: [900, 5_000, 400, 300][index] ?? 0,
  }));
  const order = (offsets: Record<string, number>) =>
    inTurn(followTargets(attempt, sized), ({ path, isAside }) => (isAside ? 0 : (offsets[path] ?? 0))).map(
      ({ absolutePath }) => absolutePath.split("/").at(-1),
    );
  expect(order({})).toEqual(["training.log.1", "events.out.tfevents.2", "answers.jsonl", "training.log"]);
  expect(order({ "training.log": 4_900 })).toEqual([
    "training.log.1",
    "training.log",
    "events.out.tfevents.2",
    "answers.jsonl",
  ]);
});
