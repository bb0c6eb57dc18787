import { expect, it } from "vitest";
import { parseComputeApp } from "./parse-compute-apps";

it("reads a process", () => {
  expect(parseComputeApp("GPU-a, 1234, 22954, /usr/bin/python3")).toEqual({
    gpuUuid: "GPU-a",
    pid: 1234,
    memoryMiB: 22954,
    name: "/usr/bin/python3",
  });
});

it("keeps commas in the process's name", () => {
  expect(parseComputeApp("GPU-a, 7, 1, train, now, please\r")?.name).toBe("train, now, please");
});

it.each(["[N/A]", "[Not Supported]", "[Insufficient Permissions]"])("knows no memory for %s", (cell) => {
  expect(parseComputeApp(`GPU-a, 7, ${cell}, x`)).toMatchObject({ pid: 7, memoryMiB: null });
});

it.each(["No running processes found", "GPU-a, [N/A], 5, x", ", 5, 5, x", "", "0, GPU-a, 2, 5"])(
  "takes %j for no process",
  (line) => {
    expect(parseComputeApp(line)).toBe(null);
  },
);
