import { randomBytes, randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAppError } from "../../errors";
import type { SecretCredential } from "../ssh";
import { openCredential, sealCredential } from "./credential-envelope";
import { openSecret, sealSecret } from "./envelope";
import { type KeyRing, loadKeyRing } from "./key-ring";

let directory: string;
const ringFile = (name: string) => join(directory, name, "ring.json");
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "trainyard-vault-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

const failsClosed = expect.toSatisfy((error) => isAppError(error) && error.code === "PRECONDITION");

describe("the key ring", () => {
  it("is made once, for its owner alone, and read again after that", () => {
    const first = loadKeyRing(ringFile("once"));
    const second = loadKeyRing(ringFile("once"));
    expect(second.primaryId).toBe(first.primaryId);
    expect(second.find(first.primaryId)).toEqual(first.find(first.primaryId));
    expect(first.find(first.primaryId)?.length).toBe(32);
    expect(statSync(ringFile("once")).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, "once")).mode & 0o777).toBe(0o700);
  });

  it("is refused when others may read it", () => {
    loadKeyRing(ringFile("open"));
    chmodSync(ringFile("open"), 0o640);
    expect(() => loadKeyRing(ringFile("open"))).toThrowError("chmod 600");
  });

  it("is refused, not replaced, when it is damaged", () => {
    loadKeyRing(ringFile("damaged"));
    for (const text of [
      "",
      "{",
      '{"version":1,"primary":"a","keys":{"a":"c2hvcnQ="}}',
      '{"version":1,"primary":"a","keys":{}}',
    ]) {
      writeFileSync(ringFile("damaged"), text);
      expect(() => loadKeyRing(ringFile("damaged"))).toThrowError(/key/);
      expect(readFileSync(ringFile("damaged"), "utf8")).toBe(text);
    }
  });
});

describe("an envelope", () => {
  const [nodeId, field] = [randomUUID(), "password"];
  let ring: KeyRing;
  let sealed: Buffer;
  const place = () => ({ nodeId, field, keyId: ring.primaryId });
  beforeAll(() => {
    ring = loadKeyRing(ringFile("envelope"));
    sealed = sealSecret(ring, { nodeId, field }, Buffer.from("hunter2"));
  });

  it("opens to what was sealed, and never looks the same twice", () => {
    expect(openSecret(ring, place(), sealed).toString()).toBe("hunter2");
    expect(sealSecret(ring, { nodeId, field }, Buffer.from("hunter2"))).not.toEqual(sealed);
    expect(sealed.includes("hunter2")).toBe(false);
  });

  it("does not open after any single bit was flipped", () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openSecret(ring, place(), flipped)).toThrowError(failsClosed);
    }
  });

  it("does not open when it is cut or lengthened", () => {
    for (let length = 0; length < sealed.length; length++) {
      expect(() => openSecret(ring, place(), sealed.subarray(0, length))).toThrowError(failsClosed);
    }
    expect(() => openSecret(ring, place(), Buffer.concat([sealed, Buffer.from([0])]))).toThrowError(
      failsClosed,
    );
  });

  it("does not open in another node's row or another field", () => {
    expect(() => openSecret(ring, { ...place(), nodeId: randomUUID() }, sealed)).toThrowError(failsClosed);
    expect(() => openSecret(ring, { ...place(), field: "passphrase" }, sealed)).toThrowError(failsClosed);
  });

  it("does not open with another ring, whether the key id is unknown or has another key", () => {
    const other = loadKeyRing(ringFile("other"));
    expect(() => openSecret(other, place(), sealed)).toThrowError(failsClosed);
    const impostor: KeyRing = { primaryId: ring.primaryId, find: () => randomBytes(32) };
    expect(() => openSecret(impostor, place(), sealed)).toThrowError(failsClosed);
  });
});

describe("a credential", () => {
  const nodeId = randomUUID();
  const credentials: SecretCredential[] = [
    { method: "password", password: Buffer.from("pässwörd\n") },
    { method: "private_key", privateKey: Buffer.from("-----BEGIN"), passphrase: null },
    { method: "private_key", privateKey: Buffer.from("-----BEGIN"), passphrase: Buffer.from("open sesame") },
  ];

  it.each(credentials)("of method $method opens to what was stored", (credential) => {
    const ring = loadKeyRing(ringFile("credential"));
    const stored = sealCredential(ring, nodeId, credential);
    expect(openCredential(ring, { nodeId, keyId: ring.primaryId }, stored)).toEqual(credential);
  });

  it("does not open when a field is missing its end, is unknown, or stands for another", () => {
    const ring = loadKeyRing(ringFile("credential"));
    const place = { nodeId, keyId: ring.primaryId };
    const stored = sealCredential(ring, nodeId, { method: "password", password: Buffer.from("x") });
    const renamed = Buffer.from(stored);
    renamed[0] = 1;
    const unknown = Buffer.from(stored);
    unknown[0] = 9;
    for (const bytes of [stored.subarray(0, -1), renamed, unknown, Buffer.alloc(0)]) {
      expect(() => openCredential(ring, place, bytes)).toThrowError(failsClosed);
    }
  });
});
