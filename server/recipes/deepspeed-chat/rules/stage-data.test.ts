import { expect, it } from "vitest";
import { STAGE_KINDS } from "../../../contracts/statuses";
import { phaseRows } from "./stage-data";

// What get_raw_dataset_split_index of dschat/utils/data/data_utils.py gives, under Python 3.11.
it.each([
  [100, "2,4,4", [20, 40, 40]],
  [10, "1,1,1", [4, 3, 3]],
  [5, "2,3,5", [1, 2, 2]],
  [9, "1,4,5", [1, 4, 4]],
  [1, "5,5,0", [1, 0, 0]],
])("%i rows split %s", (count, split, rows) => {
  expect(STAGE_KINDS.map((stage) => phaseRows(count, { split, stage }))).toEqual(rows);
});
