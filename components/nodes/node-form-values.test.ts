import { expect, test } from "vitest";
import type { NodeView } from "@/server/contracts/nodes";
import {
  EMPTY_NODE_FORM,
  formOfNode,
  needsCredential,
  parseNewNode,
  parseNodeChanges,
} from "./node-form-values";

const node: NodeView = {
  id: "8f5a0f2e-8a60-4d2e-9a4c-0d7f2d6a1b11",
  name: "dgx",
  host: "10.0.0.4",
  port: 22,
  username: "ada",
  authMethod: "password",
  isPractice: false,
  hostKeyAlgorithm: "ssh-ed25519",
  hostKeyFingerprint: null,
  status: "online",
  statusCode: null,
  statusMessage: null,
  statusChangedAt: "2026-01-01T00:00:00Z",
  lastContactAt: null,
  inventory: null,
  inventoryAt: null,
  readiness: null,
  settings: {
    examplesDirectory: null,
    virtualEnvironment: null,
    workDirectory: null,
    evaluationProgram: null,
    pricePerGpuHour: 4.02,
    env: { HF_HOME: "/data/hf=1" },
  },
  gpus: [],
  createdAt: "2026-01-01T00:00:00Z",
};
const typed = { ...EMPTY_NODE_FORM, host: "10.0.0.4", username: "ada", password: "secret" };

test("a new node is named after its address unless somebody named it", () => {
  const parsed = parseNewNode(typed);
  expect(parsed).toMatchObject({ isOk: true, data: { name: "10.0.0.4", port: 22 } });
});

test("every wrong field is told by its path", () => {
  const parsed = parseNewNode({ ...typed, host: "ada@10.0.0.4", port: "99999", password: "", env: "1X=2" });
  expect(parsed.isOk ? [] : Object.keys(parsed.fields).toSorted()).toEqual([
    "credential.password",
    "host",
    "port",
    "settings.env",
  ]);
});

test("unchanged fields and an untouched credential are not sent", () => {
  const parsed = parseNodeChanges(node, { ...formOfNode(node), name: "dgx-04" });
  expect(parsed.isOk && Object.keys(parsed.data).toSorted()).toEqual(["name", "settings"]);
  expect(parsed.isOk && parsed.data.settings?.env).toEqual({ HF_HOME: "/data/hf=1" });
});

test("a price is a number or nothing", () => {
  const priced = (pricePerGpuHour: string) => parseNewNode({ ...typed, pricePerGpuHour });
  expect(priced("4.02")).toMatchObject({ isOk: true, data: { settings: { pricePerGpuHour: 4.02 } } });
  expect(priced(" ")).toMatchObject({ isOk: true, data: { settings: { pricePerGpuHour: null } } });
  for (const wrong of ["-1", "four"]) {
    expect(Object.keys((priced(wrong) as { fields: object }).fields)).toEqual(["settings.pricePerGpuHour"]);
  }
  expect(formOfNode(node).pricePerGpuHour).toBe("4.02");
});

test("another address or another method asks for the credential again", () => {
  expect(needsCredential(node, { ...formOfNode(node), port: "2222" })).toBe(true);
  expect(needsCredential(node, { ...formOfNode(node), method: "private_key" })).toBe(true);
  expect(needsCredential(node, { ...formOfNode(node), name: "other" })).toBe(false);
  expect(parseNodeChanges(node, { ...formOfNode(node), port: "2222" })).toMatchObject({ isOk: false });
});
