import { StringDecoder } from "node:string_decoder";
import type { RawPreview } from "../../contracts/data-previews";
import type { NodeSettings } from "../../contracts/nodes";
import { isSecretName } from "../../contracts/secrets";
import { parsePreview } from "../../datasets/parse-preview";
import { AppError } from "../../errors";
import { LOCAL, localSourceOf } from "../../recipes/deepspeed-chat/resolve-data";
import { applicationDirectory } from "../../recipes/deepspeed-chat/stage-layout";
import { expandHome } from "../attempts/attempt-paths";
import filesProgram from "../scripts/preview-data.py";
import script from "../scripts/preview-data.sh";
import hubProgram from "../scripts/preview-hub.py";
import jsonProgram from "../scripts/preview-json.py";
import type { NodeConnection } from "../ssh";

/** Of the programs. A hub that does not answer is given up after about 25 s. */
const SECONDS = 60;
const TIMEOUT_MS = (SECONDS + 10) * 1000;
/** Two parts of 1.5 MB, and what else there is to say. */
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
const MIN_SECRET_LENGTH = 4;

export interface PreviewPlace {
  settings: NodeSettings;
  isPractice: boolean;
  homeDirectory: string;
  /** null: there is no checkout. */
  examplesDirectory: string | null;
}

/**
 * The first rows of each part of a data set, as the training on this node would read them. Writes nothing but what the
 * hub's own library keeps in its cache. What cannot be read is a failure in the result.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT (not started), PRECONDITION (no checkout)
 */
export async function previewData(
  connection: NodeConnection,
  { place, name, rows }: { place: PreviewPlace; name: string; rows: number },
): Promise<RawPreview> {
  const args = [...whatToRead(place, name, rows), ...variablesOf(place.settings)];
  const output = await collect(connection, args);
  const shown = withoutSecrets(output.text, place.settings.env);
  return parsePreview(shown, {
    readAt: new Date().toISOString(),
    interrupted: output.isLate ? "timed_out" : "interrupted",
  });
}

function whatToRead(place: PreviewPlace, name: string, rows: number): string[] {
  const { settings, isPractice, homeDirectory, examplesDirectory } = place;
  const application = examplesDirectory === null ? null : applicationDirectory(examplesDirectory);
  const source = localSourceOf(name);
  const folder = source?.type === "directory" ? source.path : name === LOCAL ? `${application}/data` : null;
  if (application === null && (folder === null || name === LOCAL)) {
    throw new AppError("PRECONDITION", "DeepSpeedExamples was not found on the node.", {
      hint: "Prepare the node, or name the directory of its checkout in the node's settings.",
    });
  }
  const kind = folder !== null ? "path" : isPractice ? "practice" : "hub";
  const absolute = (path: string) => expandHome(path, homeDirectory);
  return [
    ...[kind, folder === null ? name : absolute(folder), String(rows), String(SECONDS)],
    ...[absolute(settings.virtualEnvironment ?? ""), absolute(application ?? "")],
    [hubProgram, jsonProgram, filesProgram].join("\n"),
  ];
}

function variablesOf({ env }: NodeSettings): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

/** On a channel of its own, so that the rounds of the node go on; it is ended with whatever it began. */
async function collect(
  connection: NodeConnection,
  args: string[],
): Promise<{ text: string; isLate: boolean }> {
  const decoder = new StringDecoder("utf8");
  let text = "";
  let isLate = false;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const stream = await connection.streamScript(script, {
    args,
    onStdout: (bytes) => {
      text += decoder.write(bytes);
      if (text.length > MAX_OUTPUT_BYTES || /^\{"type": ?"end"\}$/m.test(text.slice(-100))) end();
    },
    onClose: () => end(),
  });
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
  stream.close();
  return { text, isLate };
}

/** A library may quote a token in what it complains of. */
function withoutSecrets(text: string, env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .filter(([name, value]) => isSecretName(name) && value.length >= MIN_SECRET_LENGTH)
    .reduce((shown, [, value]) => shown.replaceAll(value, "[secret]"), text);
}
