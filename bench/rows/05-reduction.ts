import { reduceSeries } from "../../server/scalars/reduce-series";
import { absoluteFigure, type BenchRow, milliseconds, ratioFigure } from "../bench-row";
import { measureInTurn } from "../measure";

const POINTS = 1_000_000;
const SHOWN = 2000;
const SPIKES = 64;
const PASSES = 40;

/** A smooth noisy line, from a seed. */
function makeSeries(): { values: Float64Array; spikes: number[] } {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const values = Float64Array.from({ length: POINTS }, (_, i) => 4 * Math.exp(-i / 3e5) + random() * 0.2);
  const spikes = Array.from({ length: SPIKES }, (_, n) => Math.floor(((n + random()) / SPIKES) * POINTS));
  for (const [n, at] of spikes.entries()) values[at] = n % 2 ? 50 : -50;
  return { values, spikes };
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] as number;
  return sum;
}

/** Every n-th point after a random start: what random sampling of 1,000 points a tag comes to. */
function spikesInSample(spikes: readonly number[]): number {
  const stride = POINTS / SHOWN;
  return spikes.filter((at) => at % stride === 0).length;
}

export const row: BenchRow = {
  number: 5,
  title: "1,000,000 points to 2,000",
  run: async () => {
    const { values, spikes } = makeSeries();
    let sink = 0;
    const timing = await measureInTurn(
      {
        reduce: () => {
          sink += reduceSeries(values, SHOWN).kept.length;
        },
        sum: () => {
          sink += sumOf(values);
        },
      },
      PASSES,
    );
    if (!Number.isFinite(sink)) throw new Error("the sums are finite");
    const kept = new Set(reduceSeries(values, SHOWN).kept);
    const shown = spikes.filter((at) => kept.has(at)).length;
    return [
      ratioFigure({
        what: "min-max",
        figure: milliseconds(timing.reduce.wallMs),
        baseline: `a sum of the points ${milliseconds(timing.sum.wallMs)}`,
        ratio: timing.reduce.wallMs / timing.sum.wallMs,
        target: { atMost: 2.5 },
      }),
      absoluteFigure({
        what: "injected spikes shown",
        figure: `${shown} of ${SPIKES} (every 500th point: ${spikesInSample(spikes)})`,
        target: `${SPIKES} of ${SPIKES}`,
        isHit: shown === SPIKES,
      }),
    ];
  },
};
