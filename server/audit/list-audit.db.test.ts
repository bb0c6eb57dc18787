import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../db";
import { createTestDatabase, testContext } from "../testing/database";
import { exportAudit } from "./export-audit";
import { listAudit } from "./list-audit";

describe("the audit trail, read", () => {
  let db: Database;
  const day = (n: number) => new Date(Date.UTC(2026, 0, n));
  beforeAll(async () => {
    db = await createTestDatabase();
    for (const [n, [actor, action, object]] of [
      ["ann@example.org", "run.create", "run 1"],
      ["Ben@example.org", "run.stop", "run 1"],
      ["token ci", "node.create", "node 7"],
      ['=HYPERLINK("x")', "token.create", "token 9"],
    ].entries())
      await db.prisma.auditEvent.create({
        data: {
          at: day(n + 1),
          actor: actor ?? "",
          action: action ?? "",
          object: object ?? "",
          detail: { n },
        },
      });
  });
  afterAll(() => db.close());

  const actions = async (input: Parameters<typeof listAudit>[0]["input"]) =>
    (await listAudit({ ctx: testContext(db), input })).items.map(({ action }) => action);

  it.each<[Parameters<typeof listAudit>[0]["input"], string[]]>([
    [{}, ["token.create", "node.create", "run.stop", "run.create"]],
    [{ actor: "ben" }, ["run.stop"]],
    [{ actor: "%" }, []],
    [{ action: "run." }, ["run.stop", "run.create"]],
    [{ object: "NODE" }, ["node.create"]],
    [{ from: day(2).toISOString(), to: day(4).toISOString() }, ["node.create", "run.stop"]],
  ])("%j gives %j, newest first", async (input, wanted) => {
    expect(await actions(input)).toEqual(wanted);
  });

  it("comes page by page, and refuses a cursor that is none", async () => {
    const ctx = testContext(db);
    const first = await listAudit({ ctx, input: { limit: 3 } });
    expect(first.items).toHaveLength(3);
    expect(await actions({ limit: 3, cursor: first.nextCursor ?? "" })).toEqual(["run.create"]);
    await expect(actions({ cursor: "1; DROP TABLE audit_event" })).rejects.toMatchObject({
      code: "VALIDATION",
    });
  });

  const exported = async (format: "csv" | "jsonl") => {
    const pieces: Buffer[] = [];
    for await (const piece of exportAudit({ ctx: testContext(db), input: { format } }).bytes)
      pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };

  it("exports CSV that no spreadsheet runs", async () => {
    const lines = (await exported("csv")).split("\r\n");
    expect(lines[0]).toBe("id,at,actor,action,object,detail,hash");
    expect(lines[1]).toContain(`"'=HYPERLINK(""x"")",token.create,token 9,"{""n"":3}",`);
    expect(lines).toHaveLength(6);
  });

  it("exports JSON Lines whose chain can be followed without the database", async () => {
    const rows = (await exported("jsonl"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .reverse();
    let previous = "";
    for (const { previousHash, text, hash } of rows) {
      expect(previousHash).toBe(previous);
      const should = createHash("sha256").update(Buffer.from(previous, "hex")).update(text).digest("hex");
      expect(hash).toBe(should);
      previous = hash;
    }
    expect(rows).toHaveLength(4);
  });
});
