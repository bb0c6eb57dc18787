import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { DataColumns } from "../contracts/data-sets";
import { isAppError } from "../errors";
import { type NormaliseOptions, normaliseFile } from "./normalise-file";
import { HUGE_ANSWER, HUGE_NOTES, TOO_MANY_ROWS, TWO_GROUPS } from "./parquet-samples";

const directory = mkdtempSync(join(tmpdir(), "datasets-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function read(fileName: string, content: string | Buffer, options: Partial<NormaliseOptions> = {}) {
  const path = join(directory, "upload");
  writeFileSync(path, content);
  let columns: DataColumns | null = null;
  const rows = [];
  const all = { fileName, promptFormat: "wrap" as const, ...options };
  const onColumns = (found: DataColumns) => {
    columns = found;
  };
  for await (const row of normaliseFile(path, { options: all, onColumns })) rows.push(row);
  return { rows: rows.map(({ row }) => row), places: rows.map(({ place }) => place), columns };
}

/** Problems of a refused file as "place: message". */
async function refusal(fileName: string, content: string | Buffer, options: Partial<NormaliseOptions> = {}) {
  const error = await read(fileName, content, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isAppError(error)) throw new Error(`not refused: ${String(error)}`);
  return (error.details?.fields ?? []).map(({ path, message }) => `${path}: ${message}`);
}

const PAIR = { prompt: "Human: Why? Assistant:", chosen: "So.", rejected: "No." };
const line = (row: object) => `${JSON.stringify(row)}\n`;

describe("the formats", () => {
  it.each([
    ["a.jsonl", `${line(PAIR)}\n${line({ ...PAIR, chosen: "Ünïcode 你好" })}`],
    ["a.json", JSON.stringify([PAIR, { ...PAIR, chosen: "Ünïcode 你好" }], null, 2)],
    ["a.json", `${line(PAIR)}${line({ ...PAIR, chosen: "Ünïcode 你好" })}`],
    [
      "a.csv",
      `\uFEFFprompt,chosen,rejected\r\n${PAIR.prompt},So.,No.\r\n${PAIR.prompt},Ünïcode 你好,No.\r\n`,
    ],
    ["a.csv", `chosen;rejected;prompt\nSo.;No.;${PAIR.prompt}\nÜnïcode 你好;No.;${PAIR.prompt}`],
    ["a.tsv", `chosen\trejected\tprompt\nSo.\tNo.\t${PAIR.prompt}\nÜnïcode 你好\tNo.\t${PAIR.prompt}`],
  ])("%s holds the same two rows", async (name, content) => {
    const { rows, columns } = await read(name, content);
    expect(rows).toEqual([PAIR, { ...PAIR, chosen: "Ünïcode 你好" }]);
    expect(columns).toEqual({ prompt: "prompt", context: null, chosen: "chosen", rejected: "rejected" });
  });

  it("Parquet holds them as well, in row groups that are read one by one", async () => {
    const { rows, places } = await read("a.parquet", TWO_GROUPS);
    expect(rows).toEqual([PAIR, { ...PAIR, chosen: "Ünïcode 你好" }]);
    expect(places).toEqual(["row 1", "row 2"]);
  });

  it("keeps quotes, delimiters and line breaks of a CSV field, and tells a row by its first line", async () => {
    const { rows, places } = await read("a.csv", 'prompt,chosen\n"a, ""b""\nc",d\ne,f\n', {
      promptFormat: "keep",
    });
    expect(rows.map(({ prompt }) => prompt)).toEqual(['a, "b"\nc', "e"]);
    expect(places).toEqual(["line 2", "line 4"]);
  });

  it("reads a CSV whose lines end with a carriage return alone, by the delimiter of its header", async () => {
    const { rows, places } = await read("a.csv", "prompt,chosen\ra;b;c;d;i;j,e\rf,g\r", {
      promptFormat: "keep",
    });
    expect(rows.map(({ prompt, chosen }) => [prompt, chosen])).toEqual([
      ["a;b;c;d;i;j", "e"],
      ["f", "g"],
    ]);
    expect(places).toEqual(["line 2", "line 3"]);
  });

  it("reads elements that are longer than one piece of the file, and tells each by its line", async () => {
    const long = [1, 2, 3].map((row) => ({ ...PAIR, chosen: `${row} ${"ü".repeat(100_000)}` }));
    const { rows, places } = await read(
      "a.json",
      `[\n${long.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`,
    );
    expect(rows).toEqual(long);
    expect(places).toEqual(["row 1 (line 2)", "row 2 (line 3)", "row 3 (line 4)"]);
  });

  it("reads elements of an array with brackets, quotes and escapes in their texts", async () => {
    const odd = { prompt: 'a ] } \\" [ { "', chosen: "\\", rejected: "],[" };
    const { rows } = await read("a.json", JSON.stringify([odd, odd]), { promptFormat: "keep" });
    expect(rows).toEqual([odd, odd].map((row) => ({ ...row, prompt: row.prompt.trim() })));
  });
});

describe("a Parquet file that unpacks to far more than it is", () => {
  it("is refused for a row group that is too large, and the fix is named", async () => {
    expect(await refusal("a.parquet", HUGE_ANSWER)).toEqual([
      expect.stringMatching(
        /^file, row 1: The row group .+ 271 MiB .+ at most 256 MiB .+ smaller row groups/,
      ),
    ]);
  });

  it("is read when what is large is a column that nobody needs", async () => {
    const { rows } = await read("a.parquet", HUGE_NOTES);
    expect(rows).toEqual([{ prompt: "Human: Why? Assistant:", chosen: "So.", rejected: null }]);
  });

  it("is refused for too many rows before the first is read", async () => {
    await expect(read("a.parquet", TOO_MANY_ROWS)).rejects.toMatchObject({
      code: "LIMIT",
      message: "The file has more than 1,000,000 rows.",
    });
  });
});

describe("columns", () => {
  it.each([
    [
      { instruction: "Add", input: "1 2", output: "3" },
      { prompt: "Human: Add\n1 2 Assistant:", chosen: "3", rejected: null },
    ],
    [
      { instruction: "Add", input: "", output: 3 },
      { prompt: "Human: Add Assistant:", chosen: "3", rejected: null },
    ],
    [
      { Question: "Why?", Answer: "So." },
      { prompt: "Human: Why? Assistant:", chosen: "So.", rejected: null },
    ],
    [
      {
        chosen: "\n\nHuman: Hi\n\nAssistant: Yes\n\nHuman: So?\n\nAssistant: A",
        rejected: "\n\nHuman: Hi\n\nAssistant: Yes\n\nHuman: So?\n\nAssistant: B",
      },
      { prompt: "Human: Hi\n\nAssistant: Yes\n\nHuman: So?\n\nAssistant:", chosen: "A", rejected: "B" },
    ],
    [
      {
        chosen: "\n\nHuman: Hi\n\nAssistant: Yes\n\nHuman: So?\n\nAssistant: A",
        rejected: "\n\nHuman: Hi\n\nAssistant: No",
      },
      { prompt: "Human: Hi\n\nAssistant:", chosen: "Yes\n\nHuman: So?\n\nAssistant: A", rejected: "No" },
    ],
    [
      {
        messages: [
          { role: "system", content: "Be kind." },
          { role: "user", content: "Hi" },
          { role: "assistant", content: "Hello" },
        ],
      },
      { prompt: "Human: Be kind. Hi Assistant:", chosen: "Hello", rejected: null },
    ],
    [
      {
        prompt: "Hi",
        chosen: [
          { role: "user", content: "Hi" },
          { role: "assistant", content: "A" },
        ],
        rejected: [
          { role: "user", content: "Hi" },
          { role: "assistant", content: "B" },
        ],
      },
      { prompt: "Human: Hi Assistant:", chosen: "A", rejected: "B" },
    ],
  ])("%j", async (source, row) => {
    expect((await read("a.jsonl", line(source))).rows).toEqual([row]);
  });

  it("takes those that were named", async () => {
    const names = { promptColumn: "q", chosenColumn: "good", rejectedColumn: "bad" };
    const { rows } = await read("a.csv", "q,good,bad\n1,2,3\n", names);
    expect(rows).toEqual([{ prompt: "Human: 1 Assistant:", chosen: "2", rejected: "3" }]);
  });

  it("may come later when they hold nothing, or are none that is read", async () => {
    const first = { instruction: "Hi", output: "A" };
    const later = { ...first, input: "", rejected: null, source: "web" };
    const { rows } = await read("a.jsonl", line(first) + line(later));
    expect(rows).toHaveLength(2);
    const named = { promptColumn: "instruction", chosenColumn: "output" };
    expect((await read("a.jsonl", line(first) + line({ ...later, input: "1" }), named)).rows).toHaveLength(2);
  });

  it("says which there are when none is known, and which was named in vain", async () => {
    expect(await refusal("a.csv", "q,a\n1,2\n")).toEqual([
      expect.stringMatching(
        /^chosenColumn: The file has the columns q, a\. None has a usual name of the answer/,
      ),
    ]);
    expect(await refusal("a.csv", "prompt,chosen\n1,2\n", { rejectedColumn: "bad" })).toEqual([
      "rejectedColumn: There is no column “bad”. The file has the columns prompt, chosen.",
    ]);
  });
});

describe("bad input is told by its place and how to mend it, and refuses the whole file", () => {
  it.each([
    [
      "a.jsonl",
      `${line(PAIR)}{"prompt": "x"\n${line(PAIR)}`,
      /^file, line 2: This is no valid JSON \(.+\)\. Correct it/,
    ],
    [
      "a.jsonl",
      line({ ...PAIR, rejected: undefined }) + line(PAIR),
      /^file, line 2: It has the column rejected, which the first row lacks.+Give every row rejected, or remove/,
    ],
    [
      "a.json",
      JSON.stringify([
        { instruction: "Hi", output: "A" },
        { instruction: "Add", input: "1 2", output: "3" },
      ]),
      /^file, row 2 \(line 1\): It has the column input, which the first row lacks/,
    ],
    ["a.jsonl", `${line(PAIR)}[1]\n`, /^file, line 2: A row has to be an object/],
    [
      "a.jsonl",
      line(PAIR) + line({ ...PAIR, rejected: null }),
      /^file, line 2: The column rejected has no value\. Give/,
    ],
    ["a.jsonl", line(PAIR) + line({ ...PAIR, prompt: " " }), /^file, line 2: The prompt \(prompt\) is empty/],
    [
      "a.jsonl",
      line({ ...PAIR, chosen: { a: 1 } }),
      /^file, line 1: The column chosen holds neither text nor/,
    ],
    [
      "a.json",
      `[${JSON.stringify(PAIR)},\n{"prompt": 1`,
      /^file, row 2 \(line 2\): The file ends before its array does/,
    ],
    ["a.json", `[${JSON.stringify(PAIR)},]`, /^file, row 2 \(line 1\): This is no valid JSON/],
    ["a.json", `[${JSON.stringify(PAIR)}] x`, /^file, line 1: There is text after the end of the array/],
    [
      "a.csv",
      "prompt,chosen\n1,2\n1,2,3\n",
      /^file, line 3: It has 3 fields, the header 2 \(prompt, chosen\)/,
    ],
    ["a.csv", 'prompt,chosen\n1,2\n"1,2\n', /^file, line 3: Quote Not Closed.+a quote in it doubled/],
    ["a.csv", "prompt,prompt\n1,2\n", /^file, line 1: The header names the column “prompt” twice/],
    ["a.jsonl", "", /^file: The file holds no rows/],
    ["a.csv", "prompt,chosen\n", /^file: The file holds no rows/],
    [
      "a.jsonl",
      Buffer.from(`${line(PAIR)}{"prompt":"\xe4"}`, "latin1"),
      /^file, line 1: The text is not UTF-8/,
    ],
    ["a.parquet", "PAR1 no", /^file, row 1: The Parquet file cannot be read/],
    ["a.xlsx", "x", /^fileName: “a\.xlsx” tells no format\. Upload \.jsonl/],
    [
      "a.jsonl",
      line({ chosen: "no turns", rejected: "none" }),
      /^file, line 1: The column chosen has no “Assistant:”/,
    ],
  ])("%s %j", async (name, content, expected) => {
    const problems = await refusal(name, content);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  const MANY = 17_000_000;
  it.each([
    ["a.jsonl", `{"prompt": "${"x".repeat(MANY)}`, /^file, line 1: This line is longer than 16 Mi/],
    [
      "a.json",
      `[\n{"prompt": "${"x".repeat(MANY)}`,
      /^file, row 1 \(line 2\): This element is longer than 16 Mi/,
    ],
    ["a.json", " ".repeat(MANY), /^file, line 1: The file begins with more than 16 Mi blanks/],
    ["a.csv", "x".repeat(MANY), /^file, line 1: The header is longer than 16 Mi/],
    ["a.csv", `prompt,chosen\n1,"${"x".repeat(MANY)}`, /^file, line 2: Max Record Size/],
  ])("%s that never ends its row is refused early (%#)", async (name, content, expected) => {
    const problems = await refusal(name, content);
    expect(problems).toEqual([expect.stringMatching(expected)]);
  });

  it("names the first 20 and counts the rest", async () => {
    const problems = await refusal("a.jsonl", line(PAIR) + "x\n".repeat(30));
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe("file: 10 more rows have problems.");
  });
});
