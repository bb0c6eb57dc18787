import type { z } from "zod";
import { FoundDataSet, FoundModel, HubAnswer, NodeAnswer, NodePlace } from "../../contracts/node-checks";

const MAX_PORT = 65_535;

/** What check-run.sh printed. Lines that make no sense are as good as not there. */
export function parseRunCheck(output: string): NodeAnswer {
  const lines = output.split("\n").flatMap((line) => {
    const [, name, rest] = /^(\w+)=(.*)$/s.exec(line) ?? [];
    return name === undefined || rest === undefined ? [] : [{ name, words: rest.split("\t"), text: rest }];
  });
  const all = (name: string) => lines.filter((line) => line.name === name);
  const last = (name: string) => all(name).at(-1)?.text ?? "";
  const port = toNumber(last("port"));
  return {
    username: last("user") || null,
    places: all("place").flatMap(({ words }) => parsed(NodePlace, placeOf(words))),
    freePort: port !== null && port >= 1 && port <= MAX_PORT ? port : null,
    isOffline: last("offline") === "1",
    isDataOffline: last("dataoffline") === "1",
    hasToken: last("token") === "1",
    models: all("found").flatMap(({ words }) => parsed(FoundModel, modelOf(words))),
    folders: all("folder").flatMap(({ words }) => parsed(NodeAnswer.shape.folders.element, folderOf(words))),
    dataSets: all("data").flatMap(({ words }) => parsed(FoundDataSet, dataSetOf(words))),
    hub: all("hub").flatMap(({ text }) => parsed(HubAnswer, fromJson(text))),
  };
}

function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S>[] {
  const result = schema.safeParse(value);
  return result.success ? [result.data] : [];
}

function placeOf([role, totalKiB, freeKiB, mount, path, nearest, isWritable]: string[]): unknown {
  return {
    role,
    path,
    nearest,
    mount: mount || null,
    totalKiB: toNumber(totalKiB),
    freeKiB: toNumber(freeKiB),
    isWritable: isWritable === "1",
  };
}

function modelOf(words: string[]): unknown {
  const [role, name, kind, directory, state, config, weights, missing, kib, tokenizer, incomplete, owner] =
    words;
  return {
    ...{ role, name, kind, directory, state },
    hasConfig: config === "1",
    weights: weights || null,
    missing: missing || null,
    weightsKiB: toNumber(kib),
    tokenizer: tokenizer || null,
    incompleteKiB: toNumber(incomplete),
    owner: owner || null,
  };
}

function folderOf([path, state, files = ""]: string[]): unknown {
  return { path, state, files: files.split(" ").filter((file) => file !== "") };
}

function dataSetOf([name, directory, state, kib]: string[]): unknown {
  return { name, directory, state, sizeKiB: toNumber(kib) };
}

/** null where there is no number. */
function toNumber(word: string | undefined): number | null {
  return word !== undefined && /^\d{1,15}$/.test(word) ? Number(word) : null;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
