import { dirname } from "node:path/posix";
import type { PreviewProblem, RawFailure } from "../contracts/data-previews";
import { STAGE_KINDS } from "../contracts/statuses";

interface Told {
  message: string;
  hint?: string;
  instead?: string;
}
type Tell = (said: { name: string; node: string; fact: (name: string) => string; known: string[] }) => Told;

const UPLOAD = "or upload the rows on the Data sets page, which takes JSON, JSONL, CSV and Parquet";
const ONE_A_LINE = 'one object a line, such as {"prompt": "…", "chosen": "…", "rejected": "…"}';
const AS_LAUNCHED = "Set HF_TOKEN in the node's variables: runs there get it, and so did this.";

/** Codes of scripts/preview-data.py and scripts/preview-hub.py, in words with what to do. */
const FAILURES: Readonly<Record<string, Tell>> = {
  no_python: ({ node }) => ({ message: `${node} has no Python.`, hint: "Prepare the node." }),
  no_environment: ({ node, fact }) => ({
    message: `The Python of ${node} (${fact("python")}) cannot import datasets: ${fact("detail")}`,
    hint: "Prepare the node, or name another virtual environment in its settings.",
  }),
  no_checkout: ({ fact }) => ({
    message: `There is no ${fact("detail")}/data_utils.py, which chooses how a data set is read.`,
    hint: "Prepare the node, or use a newer checkout of DeepSpeedExamples.",
  }),
  unknown_name: ({ name, node, known }) => ({
    message: `DeepSpeed-Chat on ${node} has no class for ${name} and would stop: “We do not have configs for dataset”. It knows ${known.join(", ")}.`,
    hint: `Choose one of these, ${UPLOAD}. A folder on the node begins with / or ~/.`,
  }),
  path_absent: ({ fact }) => ({
    message: `There is nothing at ${fact("path")}. What is there is ${fact("nearest")}.`,
    hint: "Correct the path: it is one of the node's, as the user that Trainyard logs in with sees it.",
  }),
  path_denied: ({ fact }) => ({
    message: `${fact("path")} cannot be opened: ${fact("detail")}.`,
    hint: "Let the user that Trainyard logs in with read it.",
  }),
  broken_link: ({ fact }) => ({
    message: `${fact("path")} is a link to something that is not there.`,
    hint: "Mend the link, or name the folder itself.",
  }),
  link_loop: ({ fact }) => ({
    message: `${fact("path")} is a link that leads back to itself.`,
    hint: "Name the folder itself.",
  }),
  path_unreadable: ({ fact }) => ({
    message: `${fact("path")} cannot be read: ${fact("detail")}.`,
    hint: "Look at it on the node, or name another folder.",
  }),
  is_file: ({ name }) => ({
    message: `${name} is a file. A run reads train.json and eval.json of a folder.`,
    hint: `Name the folder that holds them, ${UPLOAD} and splits them.`,
    ...(/\/(train|eval)\.json$/.test(name) && { instead: dirname(name) }),
  }),
  part_absent: ({ fact }) => ({
    message: `${fact("path")} is not there. A run reads train.json and eval.json.`,
    hint: `Put it there, ${ONE_A_LINE}, ${UPLOAD} and splits them.`,
  }),
  saved_folder: ({ name }) => ({
    message: `${name} was written by save_to_disk. DeepSpeed-Chat reads such a folder only when its path holds a name that it knows, such as /data/Dahoas/rm-static.`,
    hint: `Move it to such a path if its columns are the same, write train.json and eval.json, ${UPLOAD}.`,
  }),
  not_file: ({ fact }) => ({
    message: `${fact("path")} is no file but a folder, a pipe or a device.`,
    hint: `Put a file there, ${ONE_A_LINE}.`,
  }),
  empty_file: ({ fact }) => ({
    message: `${fact("path")} holds no rows.`,
    hint: `Fill it, ${ONE_A_LINE}.`,
  }),
  not_text: ({ fact }) => ({
    message: `${fact("path")} is no text but ${fact("detail")}.`,
    hint: `Write JSON, ${ONE_A_LINE}, ${UPLOAD}.`,
  }),
  not_utf8: ({ fact }) => ({
    message: `${fact("path")}, ${fact("place")}: this is not UTF-8.`,
    hint: "Save the file as UTF-8.",
  }),
  not_json: ({ fact }) => ({
    message: `${fact("path")}, ${fact("place")}: this is no valid JSON (${fact("detail")}). Training ends here.`,
    hint: `Correct it: ${ONE_A_LINE}.`,
  }),
  not_object: ({ fact }) => ({
    message: `${fact("path")}, ${fact("place")}: a row has to be an object.`,
    hint: `Write ${ONE_A_LINE}.`,
  }),
  duplicate_name: ({ fact }) => ({
    message: `${fact("path")}, ${fact("place")}: it has ${fact("detail")} twice. Training ends here.`,
    hint: "Leave one of them out.",
  }),
  row_too_long: ({ fact }) => ({
    message: `${fact("path")}, ${fact("place")}: the row is longer than 1 MiB, or it has no end.`,
    hint: `Write ${ONE_A_LINE}, and shorten the text.`,
  }),
  split_missing: ({ name, fact }) => ({
    message: `${name} has the splits ${fact("splits")}, and DeepSpeed-Chat asks for ${fact("split")}. Training ends with a KeyError.`,
    hint: "Choose the data set that this name was made for, or upload the rows.",
  }),
  hub_absent: ({ name, fact }) => ({
    message: `The hub has no ${name}, or shows it only with a token (${fact("detail")}).`,
    hint: `Correct the name. ${AS_LAUNCHED}`,
  }),
  hub_gated: ({ name }) => ({
    message: `${name} is gated: the hub asks for its terms to be accepted.`,
    hint: `Accept them on the hub. ${AS_LAUNCHED}`,
  }),
  hub_refused: ({ fact }) => ({
    message: `The hub refused: ${fact("detail")}.`,
    hint: AS_LAUNCHED,
  }),
  hub_script: ({ name }) => ({
    message: `${name} is a program on the hub, and the datasets of this node runs none. Training ends the same way.`,
    hint: "Choose another data set, or upload its rows.",
  }),
  hub_unreachable: ({ node, fact }) => ({
    message: `${node} does not reach the hub: ${fact("detail")}.`,
    hint: "Unless it is in the node's cache, training ends here. Set HTTPS_PROXY or HF_ENDPOINT in the node's variables, or upload the rows: they travel over SSH.",
  }),
  offline: ({ name, node, fact }) => ({
    message: `${node} is in offline mode, and ${name} is not in its cache: ${fact("detail")}.`,
    hint: "Bring it into the cache below HF_HOME, turn offline mode off, or upload the rows.",
  }),
  practice: ({ name, known }) => ({
    message: `A practice node has no ${name}: it downloads nothing. It has ${known.join(", ")}.`,
    hint: "Choose one of these, or upload rows.",
  }),
  load_failed: ({ name, fact }) => ({
    message: `${name} could not be read: ${fact("detail")}. Training would end the same way.`,
    hint: "Look at it on the node, choose another data set, or upload the rows.",
  }),
  timed_out: ({ name, node }) => ({
    message: `Reading ${name} on ${node} took longer than a minute, and was ended.`,
    hint: "A hub or a disk that is slow now may be faster later: try again.",
  }),
  interrupted: ({ name }) => ({
    message: `Reading ${name} was cut off: the program on the node ended, or the connection went.`,
    hint: "Try again. If it happens again, look whether the node has memory left.",
  }),
};

/** Training may have the data in a cache, find the hub another time, or begin another Python than the one that looked. */
const UNSURE = new Set([
  ...["hub_unreachable", "timed_out", "interrupted"],
  ...["no_python", "no_environment", "no_checkout"],
]);

/** A failure in words. They hold for all stages: each reads both parts before it begins. Pure. */
export function describeFailure(
  { code, part, facts }: RawFailure,
  { name, node }: { name: string; node: string },
): PreviewProblem {
  const fact = (key: string) => {
    const value = facts[key];
    // Exceptions of Python end with or without a stop.
    return typeof value === "string" ? value.replace(/\.$/, "") : "?";
  };
  const known = Array.isArray(facts.known) ? facts.known : [];
  const tell = FAILURES[code];
  const told: Told = tell?.({ name, node, fact, known }) ?? {
    message: `${name} could not be read (${code}).`,
  };
  return {
    ...{ code, severity: UNSURE.has(code) ? "warning" : "error", part, stages: [...STAGE_KINDS] },
    ...{ message: told.message, hint: told.hint ?? null, instead: told.instead ?? null },
  };
}
