import { describe, expect, it } from "vitest";
import {
  encodeEvent,
  encodeEventFile,
  encodeRecord,
  field,
  fileVersionEvent,
  simpleValue,
  tensorValue,
  type WrittenScalar,
} from "../testing/event-file-writer";
import { EventFileReader } from "./event-file-reader";

const TAGS = ["Train/Samples/train_loss", "Train/Samples/lr", "reward"];
function scalarsOf(count: number): WrittenScalar[] {
  return Array.from({ length: count }, (_, i) => ({
    tag: TAGS[i % TAGS.length] ?? "",
    value: Math.fround(Math.sin(i) * 10),
    step: Math.floor(i / TAGS.length) * 16,
    wallTime: 1_700_000_000 + i / 8,
  }));
}

function pointsOf(reader: EventFileReader): WrittenScalar[] {
  const points: (WrittenScalar & { offset: number })[] = [];
  for (const tag of reader.tags) {
    for (const block of tag.filled()) {
      for (let i = 0; i < block.length; i += 1) {
        points.push({
          tag: tag.tag,
          value: block.values[i] ?? Number.NaN,
          step: block.steps[i] ?? Number.NaN,
          wallTime: block.wallTimes[i] ?? Number.NaN,
          offset: block.offsets[i] ?? Number.NaN,
        });
      }
    }
  }
  return points.sort((a, b) => a.offset - b.offset).map(({ offset: _, ...point }) => point);
}

function readAll(bytes: Uint8Array): EventFileReader {
  const reader = new EventFileReader();
  reader.push(bytes);
  return reader;
}

const scalars = scalarsOf(200);
const file = encodeEventFile(scalars);

describe("EventFileReader", () => {
  it("returns every scalar with its tag, step, wall time and value, and stops at the end of the file", () => {
    const reader = readAll(file);
    expect(pointsOf(reader)).toEqual(scalars);
    expect(reader.offset).toBe(file.length);
    expect(reader.corruptRecords).toBe(0);
  });

  it.each([1, 2, 3, 7, 11, 12, 13, 64, 1000])("returns the same when the bytes come %i at a time", (size) => {
    const reader = new EventFileReader();
    const reused = new Uint8Array(size);
    for (let at = 0; at < file.length; at += size) {
      const length = Math.min(size, file.length - at);
      reused.set(file.subarray(at, at + length));
      reader.push(reused.subarray(0, length));
    }
    expect(pointsOf(reader)).toEqual(scalars);
    expect(reader.offset).toBe(file.length);
  });

  it("waits at a torn tail, whatever byte it is torn at, and goes on from its state in another process", () => {
    for (let cut = 0; cut <= file.length; cut += 1) {
      const first = readAll(file.subarray(0, cut));
      const state = JSON.parse(JSON.stringify(first.state()));
      const second = new EventFileReader(state);
      second.push(file.subarray(first.offset));
      expect(first.scalarCount + second.scalarCount).toBe(200);
      expect(second.corruptRecords).toBe(0);
      expect(second.offset).toBe(file.length);
    }
  });

  it("waits at a tail that still reads as zeros", () => {
    const half = encodeEventFile(scalarsOf(10));
    for (let written = 1; written < half.length; written += 1) {
      const padded = Buffer.alloc(half.length + 100);
      half.copy(padded, 0, 0, written);
      const reader = readAll(padded);
      reader.clear();
      const second = new EventFileReader(reader.state());
      second.push(half.subarray(reader.offset));
      expect(second.corruptRecords).toBe(0);
      expect(second.offset).toBe(half.length);
    }
  });

  it("loses at most one scalar to any one flipped byte, and counts it", () => {
    const firstScalar = encodeRecord(fileVersionEvent(1_700_000_000)).length;
    for (let at = 0; at < file.length; at += 1) {
      const damaged = Buffer.from(file);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      const reader = readAll(damaged);
      expect(reader.scalarCount).toBeGreaterThanOrEqual(at < firstScalar ? 200 : 199);
      expect(reader.corruptRecords).toBe(1);
      expect(200 - reader.scalarCount).toBeLessThanOrEqual(reader.corruptRecords);
    }
  });

  it("counts damage once and finds the next record when the damage spans several pushes", () => {
    const [head, middle, tail] = [file.subarray(0, 300), Buffer.alloc(5000, 0x5a), file.subarray(300)];
    const whole = Buffer.concat([head, middle, tail]);
    const reader = new EventFileReader();
    for (let at = 0; at < whole.length; at += 97) reader.push(whole.subarray(at, at + 97));
    expect(reader.corruptRecords).toBeLessThanOrEqual(2);
    expect(reader.scalarCount).toBeGreaterThanOrEqual(198);
    expect(reader.offset).toBe(whole.length);
  });

  it("passes over a record too large for a scalar without keeping its bytes", () => {
    const image = encodeRecord(
      encodeEvent({ wallTime: 1, step: 1, values: [field(4, Buffer.alloc(3_000_000))] }),
    );
    const whole = Buffer.concat([file, image, file]);
    const reader = new EventFileReader();
    for (let at = 0; at < whole.length; at += 65_536) reader.push(whole.subarray(at, at + 65_536));
    expect(reader.scalarCount).toBe(400);
    expect(reader.offset).toBe(whole.length);
    expect(reader.corruptRecords).toBe(0);
  });

  it("keeps NaN and the infinities", () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const reader = readAll(
      encodeEventFile(values.map((value, step) => ({ tag: "x", value, step, wallTime: 1 }))),
    );
    expect(pointsOf(reader).map((point) => point.value)).toEqual(values);
  });

  it.each([-1, 0, 127, 128, 2 ** 28, 2 ** 31, 2 ** 40 + 3, 2 ** 53 - 1])("reads step %d", (step) => {
    const reader = readAll(encodeEventFile([{ tag: "x", value: 1, step, wallTime: 1 }]));
    expect(pointsOf(reader)[0]?.step).toBe(step);
  });

  it("reads several values of one event, and tags that were never seen in this order", () => {
    const event = encodeEvent({
      wallTime: 5,
      step: 9,
      values: [simpleValue("b", 1), simpleValue("a", 2), simpleValue("b", 3)],
    });
    const reader = readAll(encodeRecord(event));
    expect(reader.tags.map((tag) => [tag.tag, tag.count])).toEqual([
      ["b", 2],
      ["a", 1],
    ]);
  });
});

function bytesOf(write: (view: DataView) => void, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  write(new DataView(bytes.buffer, bytes.byteOffset, length));
  return bytes;
}

describe("scalar tensors", () => {
  const dtype = (value: number) => Buffer.from([8, value]);
  const shape = (...sizes: number[]) =>
    field(2, Buffer.concat(sizes.map((size) => field(2, Buffer.from([8, size])))));
  const cases: [string, Buffer, number | null][] = [
    [
      "float_val",
      Buffer.concat([
        dtype(1),
        shape(),
        field(
          5,
          bytesOf((v) => v.setFloat32(0, 1.5, true), 4),
        ),
      ]),
      1.5,
    ],
    [
      "double_val",
      Buffer.concat([
        dtype(2),
        field(
          6,
          bytesOf((v) => v.setFloat64(0, 0.1, true), 8),
        ),
      ]),
      0.1,
    ],
    ["int_val", Buffer.concat([dtype(3), field(7, Buffer.from([42]))]), 42],
    ["int64_val", Buffer.concat([dtype(9), field(10, Buffer.from([0xac, 0x02]))]), 300],
    [
      "an unpacked float",
      Buffer.concat([dtype(1), Buffer.from([45]), bytesOf((v) => v.setFloat32(0, -2, true), 4)]),
      -2,
    ],
    ["half_val", Buffer.concat([dtype(19), field(13, Buffer.from([0x80, 0x78]))]), 1],
    [
      "float content",
      Buffer.concat([
        dtype(1),
        shape(),
        field(
          4,
          bytesOf((v) => v.setFloat32(0, 2.25, true), 4),
        ),
      ]),
      2.25,
    ],
    [
      "double content",
      Buffer.concat([
        dtype(2),
        field(
          4,
          bytesOf((v) => v.setFloat64(0, -7.125, true), 8),
        ),
      ]),
      -7.125,
    ],
    [
      "int64 content",
      Buffer.concat([
        dtype(9),
        field(
          4,
          bytesOf((v) => v.setBigInt64(0, -5n, true), 8),
        ),
      ]),
      -5,
    ],
    [
      "one element in a shape",
      Buffer.concat([
        dtype(1),
        shape(1, 1),
        field(
          4,
          bytesOf((v) => v.setFloat32(0, 3, true), 4),
        ),
      ]),
      3,
    ],
    ["a vector", Buffer.concat([dtype(1), shape(2), field(5, Buffer.alloc(8))]), null],
    ["a string", Buffer.concat([dtype(7), field(8, Buffer.from("text"))]), null],
  ];
  it.each(cases)("%s", (_, tensor, expected) => {
    const reader = readAll(
      encodeRecord(encodeEvent({ wallTime: 1, step: 1, values: [tensorValue("t", tensor)] })),
    );
    expect(pointsOf(reader).map((point) => point.value)).toEqual(expected === null ? [] : [expected]);
    expect(reader.corruptRecords).toBe(0);
  });
});
