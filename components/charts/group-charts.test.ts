import { expect, test } from "vitest";
import type { ScalarSeries } from "@/server/contracts/attempts";
import { groupCharts } from "./group-charts";

function series(tag: string, sourceTag = tag): ScalarSeries {
  return {
    seriesId: 1,
    tag,
    source: "log",
    sourceTag,
    steps: [1],
    values: [1],
    wallTimes: [null],
    samplesPerStep: null,
    pointCount: 1,
    isReduced: false,
  };
}

const charts = [
  series("ppo/reward", "reward"),
  series("ppo/critic_loss"),
  series("critic/lr"),
  series("my/own"),
];

function found(filter: string) {
  return Object.fromEntries(
    [...groupCharts(charts, filter)].map(([group, members]) => [group, members.map(({ tag }) => tag)]),
  );
}

test("charts stand in the group of their tag; an unknown tag with the others", () => {
  expect(found("")).toEqual({
    progress: ["ppo/reward", "ppo/critic_loss"],
    optimizer: ["critic/lr"],
    other: ["my/own"],
  });
});

test("a filter finds by shown name, tag and source tag, by all of its words", () => {
  expect(found("critic")).toEqual({ progress: ["ppo/critic_loss"], optimizer: ["critic/lr"] });
  expect(found("Learning  CRITIC")).toEqual({ optimizer: ["critic/lr"] });
  expect(found("nothing of that name")).toEqual({});
});
