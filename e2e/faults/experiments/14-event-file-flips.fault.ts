import { EventFileReader } from "../../../server/scalars/event-file-reader";
import { encodeEventFile } from "../../../server/testing/event-file-writer";
import { keeps } from "../lab/promise";

const RECORDS = 200;

keeps(
  {
    row: 14,
    promise: "event file of 200 records, every byte flipped in turn: scalars read, every loss shown",
    bar: "≥ 198 each time",
    kind: "count",
  },
  async (random) => {
    const scalars = Array.from({ length: RECORDS }, (_, step) => ({
      tag: `Train/loss-${step % 20}`,
      value: Math.fround(step / 7),
      step,
      wallTime: 1_700_000_000 + step,
    }));
    const file = encodeEventFile(scalars);
    let fewest = RECORDS;
    let hidden = 0;
    for (let at = 0; at < file.length; at += 1) {
      const damaged = Buffer.from(file);
      damaged.writeUInt8(damaged.readUInt8(at) ^ random.int(1, 255), at);
      const reader = new EventFileReader();
      reader.push(damaged);
      // The training goes on: what follows shows that damage at the end is no torn tail.
      reader.push(encodeEventFile(scalars.slice(0, 1)));
      const found = reader.scalarCount - 1;
      fewest = Math.min(fewest, found);
      if (found < RECORDS && reader.corruptRecords === 0) hidden += 1;
    }
    return {
      figure: `at least ${fewest}; ${hidden} losses without a mark in ${file.length} flips`,
      isKept: fewest >= 198 && hidden === 0,
    };
  },
);
