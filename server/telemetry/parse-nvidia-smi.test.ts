import { describe, expect, it } from "vitest";
import { TELEMETRY_FIELDS, type TelemetryField } from "../contracts/telemetry";
import { FIRST_QUERY, OTHER_NAMES } from "./gpu-fields";
import { parseCell, parseGpuRow, parseGpuRows, parseUnknownProperty, splitRow } from "./parse-nvidia-smi";

const UUID = "GPU-5b4aa1f0-0000-4000-8000-0000000000a1";
const CELLS: Record<string, string> = {
  index: "0",
  uuid: UUID,
  count: "2",
  "utilization.gpu": "97",
  "utilization.memory": "41",
  "memory.used": "23052",
  "memory.reserved": "250",
  "memory.free": "1274",
  "memory.total": "24576",
  "temperature.gpu": "63",
  "power.draw": "164.52",
  "power.limit": "165.00",
  "clocks.sm": "1440",
  "clocks.mem": "1215",
  "fan.speed": "[N/A]",
  pstate: "P0",
  "clocks_throttle_reasons.active": "0x0000000000000004",
  "ecc.errors.corrected.volatile.total": "0",
  "ecc.errors.uncorrected.volatile.total": "0",
  "pcie.link.gen.current": "4",
  "pcie.link.width.current": "16",
  name: "NVIDIA A30",
};
const rowWith = (changes: Record<string, string> = {}) =>
  FIRST_QUERY.map((property) => changes[property] ?? CELLS[property] ?? "").join(", ");
const fieldValue = (line: string, field: TelemetryField) =>
  parseGpuRow(line, FIRST_QUERY)?.values[TELEMETRY_FIELDS.indexOf(field)];

describe("parseCell", () => {
  it.each([
    ["0", 0],
    ["23052", 23052],
    [" 164.52 ", 164.52],
    ["-5", -5],
    ["23052 MiB", 23052],
    ["97 %", 97],
    ["26.20 W", 26.2],
    ["1980 MHz", 1980],
    ["0 us", 0],
    ["P8", 8],
    ["P12", 12],
    ["0x0000000000000001", 1],
    ["0x00000000000001FF", 511],
    ["[N/A]", null],
    ["N/A", null],
    ["[Not Supported]", null],
    ["[Unknown Error]", null],
    ["[GPU requires reset]", null],
    ["[Requested functionality has been deprecated]", null],
    ["[GPU is lost]", null],
    ["[Insufficient Permissions]", null],
    ["ERR!", null],
    ["", null],
    ["Enabled", null],
    ["Not Active", null],
    ["1e5", null],
    ["NaN", null],
    ["12 GiB", null],
    ["0x", null],
    ["Pstate", null],
  ])("reads %j as %j", (cell, value) => {
    expect(parseCell(cell)).toBe(value);
  });
});

describe("parseGpuRow", () => {
  it("reads every field of a row", () => {
    expect(parseGpuRow(rowWith(), FIRST_QUERY)).toEqual({
      index: 0,
      uuid: UUID,
      name: "NVIDIA A30",
      count: 2,
      values: [97, 41, 23052, 250, 1274, 24576, 63, 164.52, 165, 1440, 1215, null, 0, 4, 0, 0, 4, 16],
    });
  });

  const bad = ["[N/A]", "[Not Supported]", "[Unknown Error]", "[GPU requires reset]", "ERR!", ""];
  const properties = FIRST_QUERY.filter((property) => !["index", "uuid", "name", "count"].includes(property));
  it.each(properties.flatMap((property) => bad.map((cell) => [property, cell] as const)))(
    "loses only %s when it is %j",
    (property, cell) => {
      const whole = parseGpuRow(rowWith({ "fan.speed": "30" }), FIRST_QUERY);
      const hurt = parseGpuRow(rowWith({ "fan.speed": "30", [property]: cell }), FIRST_QUERY);
      const lost = whole?.values.map((value, at) =>
        value === hurt?.values[at] ? null : TELEMETRY_FIELDS[at],
      );
      expect(lost?.filter((field) => field !== null)).toHaveLength(1);
      expect(hurt).toMatchObject({ index: 0, uuid: UUID, name: "NVIDIA A30" });
    },
  );

  it("keeps a row whose cells are all bad but the UUID", () => {
    const line = FIRST_QUERY.map((property) => (property === "uuid" ? UUID : "[Unknown Error]")).join(", ");
    const reading = parseGpuRow(line, FIRST_QUERY);
    expect(reading).toMatchObject({ index: null, uuid: UUID, name: null, count: null });
    expect(reading?.values.every((value) => value === null)).toBe(true);
  });

  it("keeps a row without a UUID by its index", () => {
    expect(parseGpuRow(rowWith({ uuid: "[Unknown Error]" }), FIRST_QUERY)).toMatchObject({
      index: 0,
      uuid: null,
    });
  });

  it("keeps commas in a name", () => {
    const reading = parseGpuRow(rowWith({ name: "NVIDIA RTX, Ada, 48GB" }), FIRST_QUERY);
    expect(reading?.name).toBe("NVIDIA RTX, Ada, 48GB");
    expect(reading?.values[0]).toBe(97);
  });

  it("keeps commas in a name that stands in the middle", () => {
    expect(splitRow("0, A, B, GPU-1, 5", ["index", "name", "uuid", "utilization.gpu"])).toEqual([
      "0",
      "A, B",
      "GPU-1",
      "5",
    ]);
  });

  it("ignores a carriage return at the end", () => {
    expect(parseGpuRow(`${rowWith()}\r`, FIRST_QUERY)).toEqual(parseGpuRow(rowWith(), FIRST_QUERY));
  });

  it("reads commas without spaces", () => {
    expect(parseGpuRow(rowWith().replaceAll(", ", ","), FIRST_QUERY)).toEqual(
      parseGpuRow(rowWith(), FIRST_QUERY),
    );
  });

  it("reads the cells that a cut row still has", () => {
    const cut = rowWith().split(", ").slice(0, 6).join(", ");
    expect(fieldValue(cut, "memoryUsedMiB")).toBe(23052);
    expect(fieldValue(cut, "powerDrawW")).toBe(null);
  });

  it.each([
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
    "Failed to initialize NVML: Driver/library version mismatch",
    "NVML library version: 590.48",
    "Unable to determine the device handle for GPU0000:83:00.0: Unknown Error",
    "Unable to determine the device handle for GPU 0000:83:00.0: GPU is lost.  Reboot the system to recover this GPU",
    "No devices were found",
    'Field "memory.reserved" is not a valid field to query.',
    "index, uuid, count, utilization.gpu [%]",
    "",
    ",,,,",
    "\u0000\u0001garbage, \u0002",
  ])("takes %j for no row", (line) => {
    expect(parseGpuRow(line, FIRST_QUERY)).toBe(null);
  });

  it("reads the other rows when one is bad", () => {
    const text = [
      rowWith(),
      "Unable to determine the device handle for GPU0000:84:00.0: Unknown Error",
      rowWith({ index: "2" }),
    ].join("\r\n");
    expect(parseGpuRows(text, FIRST_QUERY).map(({ index }) => index)).toEqual([0, 2]);
  });

  it("has no rows for a machine without GPUs", () => {
    expect(parseGpuRows("No devices were found\n", FIRST_QUERY)).toEqual([]);
  });
});

describe("an old driver", () => {
  it("names the field that it does not know", () => {
    expect(parseUnknownProperty('Field "memory.reserved" is not a valid field to query.')).toBe(
      "memory.reserved",
    );
    expect(parseUnknownProperty("No devices were found")).toBe(null);
  });

  it("is read without the field", () => {
    const query = FIRST_QUERY.filter((property) => property !== "memory.reserved");
    const reading = parseGpuRow(query.map((property) => CELLS[property]).join(", "), query);
    expect(reading?.values[TELEMETRY_FIELDS.indexOf("memoryReservedMiB")]).toBe(null);
    expect(reading?.values[TELEMETRY_FIELDS.indexOf("memoryFreeMiB")]).toBe(1274);
  });

  it.each(OTHER_NAMES)("is read the same by %s and by %s", (property, other) => {
    const query = FIRST_QUERY.map((asked) => (asked === property ? other : asked));
    const line = rowWith();
    expect(parseGpuRow(line, query)).toEqual(parseGpuRow(line, FIRST_QUERY));
  });
});
