import { listDevices, parseDeviceList } from "../devices/devices";
import { UsageError } from "../training/argument-parser";

/** What comes before the script on a `deepspeed` command line. */
export interface LaunchOptions {
  devices: number[];
  masterAddress: string;
  masterPort: string;
  script: string;
  scriptArguments: string[];
  /** Lines that the real launcher prints about how it chose the devices. */
  notes: string[];
}

/** The launcher itself fails with a Python exception, exit status 1. */
export class LaunchError extends Error {}

const WITH_VALUE = [
  "include",
  "exclude",
  "num_gpus",
  "num_nodes",
  "master_port",
  "master_addr",
  "hostfile",
  "launcher",
  "launcher_args",
  "log_level",
  "node_rank",
] as const;
const SWITCHES = ["no_local_rank", "no_python", "module", "force_multi", "quiet", "no_ssh"];

/** @throws UsageError as argparse, LaunchError as the launcher's ValueErrors */
export function parseLaunchOptions(
  argv: readonly string[],
  options: { practiceDirectory: string; visibleDevices: string },
): LaunchOptions {
  const values = new Map<string, string>();
  let i = 0;
  while (i < argv.length && (argv[i] as string).startsWith("-")) {
    const [flag = "", inline] = splitFlag(argv[i++] as string);
    if (SWITCHES.includes(flag)) continue;
    const name = WITH_VALUE.find((known) => known === flag);
    if (name === undefined) throw new UsageError(`unrecognized arguments: ${argv[i - 1]}`);
    const value = inline ?? argv[i++];
    if (value === undefined) throw new UsageError(`argument --${name}: expected one argument`);
    values.set(name, value);
  }
  const script = argv[i];
  if (script === undefined)
    throw new UsageError("the following arguments are required: user_script, user_args");
  const { devices, notes } = chooseDevices(values, options);
  return {
    devices,
    masterAddress: values.get("master_addr") ?? "127.0.0.1",
    masterPort: values.get("master_port") ?? "29500",
    script,
    scriptArguments: argv.slice(i + 1),
    notes,
  };
}

function splitFlag(word: string): [string, string | undefined] {
  if (word === "-i") return ["include", undefined];
  if (word === "-H") return ["hostfile", undefined];
  const [flag = "", ...rest] = word.replace(/^--/, "").split("=");
  return [flag.replaceAll("-", "_"), rest.length > 0 ? rest.join("=") : undefined];
}

function chooseDevices(
  values: ReadonlyMap<string, string>,
  options: { practiceDirectory: string; visibleDevices: string },
): { devices: number[]; notes: string[] } {
  const all = listDevices(options.practiceDirectory);
  const { visibleDevices } = options;
  const isExplicit = ["include", "exclude", "num_gpus", "num_nodes"].some((name) => values.has(name));
  const notes: string[] = [];
  let include = values.get("include") ?? "";
  if (visibleDevices !== "") {
    const detected = `Detected VISIBLE_DEVICES=${visibleDevices}`;
    if (isExplicit) {
      notes.push(
        `${detected} but ignoring it because one or several of --include/--exclude/--num_gpus/--num_nodes cl args were used. ` +
          "If you want to use CUDA_VISIBLE_DEVICES don't pass any of these arguments to deepspeed.",
      );
    } else {
      include = `localhost:${visibleDevices}`;
      notes.push(`${detected}: setting --include=${include}`);
    }
  }
  const count = values.get("num_gpus");
  if (count !== undefined && include !== "")
    throw new LaunchError("Cannot specify num_nodes/gpus with include/exclude");
  if (count !== undefined && Number(count) > 0) {
    if (Number(count) > all.length)
      throw new LaunchError(`invalid device ordinal: this node has ${all.length} devices`);
    return { devices: all.slice(0, Number(count)).map((device) => device.index), notes };
  }
  if (include === "") return { devices: all.map((device) => device.index), notes };
  const [host = "", list] = include.split(":");
  if (host !== "localhost") throw new LaunchError(`Hostname '${host}' not found in hostfile`);
  if (list === undefined) return { devices: all.map((device) => device.index), notes };
  const devices = parseDeviceList(list, all);
  if (devices === null) throw new LaunchError(`No slot '${list}' specified on host '${host}'`);
  return { devices: devices.sort((a, b) => a - b), notes };
}
