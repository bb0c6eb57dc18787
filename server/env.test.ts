import { expect, test } from "vitest";
import { readEnv } from "./env";

const deep = `/srv/${"a-rather-long-name/".repeat(6)}data`;

test("the link's socket lies in the data directory", () => {
  expect(readEnv({ TRAINYARD_DATA_DIR: "/srv/data" }).linkSocket).toBe("/srv/data/run/link.sock");
});

test("a data directory too deep for a socket gets one of its own in a short place, the same at every start", () => {
  const { linkSocket } = readEnv({ TRAINYARD_DATA_DIR: deep });
  expect(Buffer.byteLength(linkSocket)).toBeLessThanOrEqual(107);
  expect(readEnv({ TRAINYARD_DATA_DIR: deep }).linkSocket).toBe(linkSocket);
  expect(readEnv({ TRAINYARD_DATA_DIR: `${deep}2` }).linkSocket).not.toBe(linkSocket);
});

test("the length that counts is bytes, not letters", () => {
  const directory = `/srv/${"日本語".repeat(12)}`;
  expect(directory.length).toBeLessThan(107);
  expect(readEnv({ TRAINYARD_DATA_DIR: directory }).linkSocket).not.toContain(directory);
});

test("a socket that is set is taken as it is", () => {
  const settings = { TRAINYARD_DATA_DIR: deep, TRAINYARD_LINK_SOCKET: "/run/trainyard/link.sock" };
  expect(readEnv(settings).linkSocket).toBe("/run/trainyard/link.sock");
});

test("an invalid setting is refused with its name", () => {
  expect(() => readEnv({ PORT: "http" })).toThrow(/PORT is a number from 0 to 65535/);
  expect(() => readEnv({ AUTH_SECRET: "short" })).toThrow(/AUTH_SECRET needs at least 32 characters/);
});

test("a link over TCP names an address that others can dial", () => {
  const { linkListen } = readEnv({ TRAINYARD_LINK_LISTEN: "[fd00::5]:4100" });
  expect(linkListen).toEqual({ host: "fd00::5", port: 4100 });
  for (const wrong of ["4100", "10.0.0.5", "0.0.0.0:4100", "[::]:4100", "10.0.0.5:70000"]) {
    expect(() => readEnv({ TRAINYARD_LINK_LISTEN: wrong })).toThrow(/TRAINYARD_LINK_LISTEN is an address/);
  }
  expect(() => readEnv({ TRAINYARD_LINK_SECRET: "short" })).toThrow(
    /TRAINYARD_LINK_SECRET needs at least 32/,
  );
});
