import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TELEMETRY_FIELDS, type TelemetryField } from "../contracts/telemetry";
import { findCapture } from "../testing/captures";
import { fieldOfProperty, GPU_FIELDS } from "./gpu-fields";
import { parseComputeApp } from "./parse-compute-apps";
import { parseGpuList } from "./parse-gpu-list";
import { parseMigQuery } from "./parse-mig-query";
import { parseCell, parseGpuRow } from "./parse-nvidia-smi";

interface Section {
  file: string;
  title: string;
  command: string;
  body: string;
}

/** Cuts a capture into its titled sections; each names the command that made it. */
function readSections(file: string, text: string): Section[] {
  const sections: Section[] = [];
  const pattern = /^#{40,}\n# (.+ :: .+)\n(?:# \$ (.*)\n)?#{40,}\n([\s\S]*?)(?=\n#{40,}\n|$(?![\s\S]))/gm;
  for (const [, title = "", command = "", body = ""] of text.matchAll(pattern)) {
    sections.push({ file, title, command: command.trim(), body });
  }
  return sections;
}

const folder = findCapture("nvidia-smi");
const files = folder === null ? [] : readdirSync(folder).filter((name) => name.endsWith(".txt"));
const sections = files.flatMap((name) => readSections(name, readFileSync(join(folder ?? "", name), "utf8")));
const named = (pattern: RegExp) => sections.filter(({ command }) => pattern.test(command));
const propertiesOf = (command: string) => /--query-[a-z-]+=(\S+)/.exec(command)?.[1]?.split(",") ?? [];
const rowsOf = (body: string) =>
  body
    .trim()
    .split("\n")
    .slice(1)
    .filter((line) => line !== "");

if (folder === null) console.log("skipped: no captures of nvidia-smi here (set TRAINYARD_CAPTURES_DIR)");

describe.skipIf(folder === null)("captured outputs of nvidia-smi", () => {
  it("are cut into their sections", () => {
    expect(files.length).toBeGreaterThanOrEqual(4);
    expect(named(/--query-gpu=/)).toHaveLength(files.length * 2);
    expect(named(/--query-compute-apps=/)).toHaveLength(files.length * 2);
    expect(named(/ -L$/)).toHaveLength(files.length);
    expect(named(/ -q$/)).toHaveLength(files.length * 2);
  });

  it.each(named(/--query-gpu=/))(
    "$file $title: every row, every field as nvidia-smi -q has it",
    (section) => {
      const properties = propertiesOf(section.command);
      const rows = rowsOf(section.body);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        const reading = parseGpuRow(row, properties);
        expect(reading).not.toBe(null);
        expect(reading?.count).toBe(rows.length);
        for (const field of TELEMETRY_FIELDS) {
          const property =
            GPU_FIELDS[field].properties.find((name) => properties.includes(name)) ??
            aliasOf(field, properties);
          expect(property, field).toBeDefined();
          const cell = row.split(", ")[properties.indexOf(property ?? "")] ?? "";
          const value = reading?.values[TELEMETRY_FIELDS.indexOf(field)] ?? null;
          if (cell.startsWith("[")) expect(value, field).toBe(null);
          else if (cell.startsWith("0x")) expect(value, field).toBe(Number.parseInt(cell, 16));
          else expect(value, field).toBe(Number(/-?[\d.]+/.exec(cell)?.[0]));
        }
      }
    },
  );

  it.each(named(/--query-compute-apps=/))("$file $title: every process", (section) => {
    const properties = propertiesOf(section.command);
    const rows = rowsOf(section.body);
    for (const row of rows) {
      const app = parseComputeApp(row, properties);
      expect(row).toContain(`${app?.gpuUuid}, ${app?.pid}, ${app?.name}, ${app?.memoryMiB} MiB`);
    }
    if (/^load/.test(section.title)) expect(rows.length).toBeGreaterThan(0);
  });

  it.each(named(/ -L$/))("$file $title: every line is a GPU or a MIG instance", ({ body }) => {
    const lines = body.trim().split("\n");
    const listed = parseGpuList(body);
    expect(listed).toHaveLength(lines.length);
    listed.forEach((gpu, at) => {
      expect(lines[at]).toContain(gpu.uuid);
      expect(gpu.migProfile === null).toBe(lines[at]?.startsWith("GPU"));
    });
  });

  it.each(named(/ -q$/))("$file $title: MIG devices and processes", ({ file, title, body }) => {
    const { instances, processes } = parseMigQuery(body);
    expect(instances).toHaveLength(body.match(/^ {4}MIG Device$/gm)?.length ?? 0);
    expect(processes).toHaveLength(body.match(/^ +Process ID /gm)?.length ?? 0);
    const total = /Shared FB Memory Usage\n\s+Total\s+: (\d+) MiB/.exec(body)?.[1];
    if (total !== undefined) expect(instances[0]?.memoryTotalMiB).toBe(Number(total));
    const apps = sections.find(
      (other) =>
        other.file === file &&
        other.command.includes("--query-compute-apps=") &&
        other.title.slice(0, 4) === title.slice(0, 4),
    );
    const listedPids = rowsOf(apps?.body ?? "").map(
      (row) => parseComputeApp(row, propertiesOf(apps?.command ?? ""))?.pid,
    );
    expect(processes.map(({ pid }) => pid)).toEqual(expect.arrayContaining(listedPids));
  });

  it("tell which MIG instance a process runs on", () => {
    const loaded = named(/ -q$/).find(({ file, title }) => file.includes("mig") && title.startsWith("load"));
    const { instances, processes } = parseMigQuery(loaded?.body ?? "");
    expect(processes.length).toBeGreaterThan(0);
    for (const found of processes) {
      const instance = instances.find(
        ({ gpuInstanceId, computeInstanceId }) =>
          gpuInstanceId === found.gpuInstanceId && computeInstanceId === found.computeInstanceId,
      );
      expect(instance?.memoryUsedMiB).toBeGreaterThanOrEqual(found.memoryMiB ?? Number.NaN);
    }
  });

  it("know every property that is asked for", () => {
    const documented = named(/--help-query-gpu/).map(({ body }) => body);
    expect(documented).toHaveLength(files.length);
    for (const help of documented) {
      for (const field of TELEMETRY_FIELDS) expect(help).toContain(`"${GPU_FIELDS[field].properties[0]}"`);
    }
  });
});

const xmlFolder = findCapture("nvidia-smi-xml");
const xmlFiles = (xmlFolder === null ? [] : readdirSync(xmlFolder)).map((name) => ({
  name,
  text: readFileSync(join(xmlFolder ?? "", name), "utf8"),
}));
const BLOCKS =
  /<(utilization|fb_memory_usage|temperature|power_readings|gpu_power_readings|clocks)>([\s\S]*?)<\/\1>/g;

describe.skipIf(xmlFolder === null)("captured nvidia-smi -q -x", () => {
  it.each(xmlFiles.filter(({ text }) => text !== ""))(
    "$name: every reading's text is a number or null",
    ({ text }) => {
      const cells = [...text.matchAll(BLOCKS)].flatMap(([, , block = ""]) =>
        [...block.matchAll(/<(\w+)>([^<]+)<\/\1>/g)].map(([, tag = "", cell = ""]) => ({ tag, cell })),
      );
      expect(cells.length).toBeGreaterThan(10);
      for (const { tag, cell } of cells) {
        const digits = /^P?(-?[\d.]+)/.exec(cell)?.[1];
        expect(parseCell(cell), `${tag}: ${cell}`).toBe(digits === undefined ? null : Number(digits));
      }
    },
  );
});

function aliasOf(field: TelemetryField, properties: readonly string[]): string | undefined {
  return properties.find((property) => fieldOfProperty(property) === field);
}
