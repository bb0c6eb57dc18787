import { expect, it } from "vitest";
import { parseGpuList } from "./parse-gpu-list";

const MIG = `GPU 0: NVIDIA H200 (UUID: GPU-00000000-0000-0000-0000-0000000000a0)
  MIG 1c.3g.71gb  Device  0: (UUID: MIG-00000000-0000-0000-0000-0000000000b0)
  MIG 2g.35gb     Device  1: (UUID: MIG-00000000-0000-0000-0000-0000000000b1)
GPU 1: NVIDIA H200 (UUID: GPU-00000000-0000-0000-0000-0000000000a1)
`;

it("lists GPUs and, below each, its MIG instances", () => {
  expect(
    parseGpuList(MIG).map(({ index, parentUuid, migProfile, migIndex }) => ({
      index,
      parentUuid,
      migProfile,
      migIndex,
    })),
  ).toEqual([
    { index: 0, parentUuid: null, migProfile: null, migIndex: null },
    {
      index: 0,
      parentUuid: "GPU-00000000-0000-0000-0000-0000000000a0",
      migProfile: "1c.3g.71gb",
      migIndex: 0,
    },
    { index: 0, parentUuid: "GPU-00000000-0000-0000-0000-0000000000a0", migProfile: "2g.35gb", migIndex: 1 },
    { index: 1, parentUuid: null, migProfile: null, migIndex: null },
  ]);
});

it("reads the same with CRLF", () => {
  expect(parseGpuList(MIG.replaceAll("\n", "\r\n"))).toEqual(parseGpuList(MIG));
});

it("reads the UUIDs of old MIG drivers", () => {
  const old = `GPU 0: A100-SXM4-40GB (UUID: GPU-a)\n  MIG 1g.5gb Device 0: (UUID: MIG-GPU-a/7/0)\n`;
  expect(parseGpuList(old)[1]).toMatchObject({
    uuid: "MIG-GPU-a/7/0",
    migProfile: "1g.5gb",
    name: "A100-SXM4-40GB MIG 1g.5gb",
  });
});

it.each([
  "No devices found.",
  "",
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
])("lists nothing for %j", (text) => {
  expect(parseGpuList(text)).toEqual([]);
});

it("keeps parentheses in a name", () => {
  expect(parseGpuList("GPU 0: Practice GPU (simulated) (UUID: GPU-p0)")[0]?.name).toBe(
    "Practice GPU (simulated)",
  );
});
