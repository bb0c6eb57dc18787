import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What the fake does when it is asked for readings; read anew at each start. */
export type FakeMode =
  | "good"
  | "hangs"
  | "hangs at once"
  | "stops itself"
  | "garbage"
  | "mismatch"
  | "old driver"
  | "lost gpu"
  | "not available"
  | "apps hang"
  | "mig";

export const FAKE_UUIDS = [
  "GPU-00000000-0000-4000-8000-0000000000a0",
  "GPU-00000000-0000-4000-8000-0000000000a1",
] as const;
export const FAKE_MIG_UUID = "MIG-00000000-0000-4000-8000-0000000000b0";

/** The values of a row by the property that asks for them, as a shell function; a fleet of these must cost little. */
const PROGRAM = `#!/bin/sh
here=\${0%/*}
mode=$(cat "$here/mode") count=$(cat "$here/count")
query='' every='' kind=none
while [ $# -gt 0 ]; do
  case $1 in
    --query-gpu=*) query=\${1#--query-gpu=} kind=gpu ;;
    --query-compute-apps=*) kind=apps ;;
    -lms) every=$2; shift ;;
    -L) kind=list ;;
    -q) kind=all ;;
  esac
  shift
done
# Sets $value, without a fork.
value() {
  case $mode,$1 in
    'not available',index | 'not available',uuid | 'not available',count) ;;
    'not available',*) value='[N/A]'; return ;;
  esac
  case $1 in
    index) value=$2 ;;
    uuid) value=GPU-00000000-0000-4000-8000-0000000000a$2 ;;
    count) value=$count ;;
    name) value='Fake GPU, 24GB' ;;
    pstate) value=P0 ;;
    memory.total) value=24576 ;;
    power.draw) value=164.52 ;;
    fan.speed) value='[N/A]' ;;
    clocks_throttle_reasons.active | clocks_event_reasons.active) value=0x0000000000000004 ;;
    *) value=40 ;;
  esac
}
row() {
  line='' old_ifs=$IFS IFS=,
  for property in $query; do value "$property" "$1"; line="$line\${line:+, }$value"; done
  IFS=$old_ifs
  echo "$line"
}
# of the third and later ones, by the command that says a line of one
others() { for n in 2 3 4 5 6 7 8 9; do [ "$n" -ge "$count" ] || "$@" "$n"; done; }
list_row() { echo "GPU $1: Fake GPU, 24GB (UUID: GPU-00000000-0000-4000-8000-0000000000a$1)"; }
rows() { printf '%s\\n' "$first" "$second"; [ -z "$more" ] || echo "$more"; }
hang() { trap '' TERM INT; while :; do sleep 0.2; done; }
readings() {
  echo $$ >>"$here/starts"
  pause=$((every / 1000)).$(printf %03d $((every % 1000)))
  first=$(row 0) second=$(row 1) more=$(others row)
  case $mode in
    'hangs at once') hang ;;
    hangs) rows; rows; hang ;;
    'stops itself') rows; kill -STOP $$ ;;
    garbage) while :; do printf 'gar\\001bage, \\377, x\\n\\n[[[\\n'; sleep "$pause"; done ;;
    mismatch) echo 'Failed to initialize NVML: Driver/library version mismatch'; echo 'NVML library version: 590.48'; exit 18 ;;
    'lost gpu')
      while :; do echo "$first"; echo 'Unable to determine the device handle for GPU0000:84:00.0: Unknown Error'; sleep "$pause"; done ;;
    'old driver')
      case ,$query, in *,memory.reserved,*) echo 'Field "memory.reserved" is not a valid field to query.'; exit 2 ;; esac
      case ,$query, in *,clocks_throttle_reasons.active,*) echo 'Field "clocks_throttle_reasons.active" is not a valid field to query.'; exit 2 ;; esac ;;
  esac
  while rows && [ -n "$every" ]; do sleep "$pause"; done
}
case $kind in
  gpu) readings ;;
  list)
    list_row 0
    [ "$mode" != mig ] || echo '  MIG 1g.10gb     Device  0: (UUID: MIG-00000000-0000-4000-8000-0000000000b0)'
    list_row 1
    others list_row ;;
  apps)
    [ "$mode" != 'apps hang' ] || hang
    while read -r pid; do echo "GPU-00000000-0000-4000-8000-0000000000a0, $pid, 512, python3, main.py"; done <"$here/pids" ;;
  all)
    echo 'GPU 00000000:83:00.0'
    printf '    %-40s: %s\\n' 'Product Name' 'Fake GPU'
    echo '    MIG Device'
    printf '        %-40s: %s\\n' Index 0 'GPU Instance ID' 9 'Compute Instance ID' 0
    echo '        Shared FB Memory Usage'
    printf '            %-40s: %s\\n' Total '9728 MiB' Reserved '0 MiB' Used '4242 MiB' Free '5486 MiB'
    printf '    %-40s: %s\\n' 'Accounting Mode' Disabled 'GPU UUID' GPU-00000000-0000-4000-8000-0000000000a0
    echo '    Processes'
    while read -r pid; do
      printf '        %-40s: %s\\n' 'GPU instance ID' 9 'Compute instance ID' 0 'Process ID' "$pid"
      printf '            %-40s: %s\\n' Type C Name 'python3 main.py' 'Used GPU Memory' '4096 MiB'
    done <"$here/pids"
    printf '    %-40s: %s\\n' Capabilities none ;;
esac
`;

export interface FakeNvidiaSmi {
  /** For PATH. */
  directory: string;
  setMode: (mode: FakeMode) => void;
  setProcesses: (pids: readonly number[]) => void;
  /** The process ids of all that were asked for readings, oldest first. */
  started: () => number[];
}

/** An nvidia-smi for tests in a folder below `parent`: two GPUs or up to ten, and every way to misbehave. */
export function createFakeNvidiaSmi(parent: string, mode: FakeMode, gpuCount = 2): FakeNvidiaSmi {
  const directory = join(parent, "fake-nvidia-smi");
  mkdirSync(directory, { recursive: true });
  const program = join(directory, "nvidia-smi");
  writeFileSync(program, PROGRAM);
  chmodSync(program, 0o755);
  const put = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    chmodSync(join(directory, name), 0o666);
  };
  put("mode", mode);
  put("count", String(gpuCount));
  put("pids", "");
  put("starts", "");
  chmodSync(directory, 0o777);
  return {
    directory,
    setMode: (next) => put("mode", next),
    setProcesses: (pids) => put("pids", pids.map((pid) => `${pid}\n`).join("")),
    started: () => readFileSync(join(directory, "starts"), "utf8").split("\n").filter(Boolean).map(Number),
  };
}
