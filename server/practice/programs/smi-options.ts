/** nvidia-smi refuses: it prints the message to stdout and exits with the status. */
export class SmiUsageError extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export type SmiMode =
  | { kind: "table" | "list" | "details" | "version" | "help-query-gpu" }
  | { kind: "query-gpu" | "query-compute-apps"; fields: string[] };

export interface SmiOptions {
  mode: SmiMode;
  /** null: every device. */
  ids: string[] | null;
  hasHeader: boolean;
  hasUnits: boolean;
  /** null: once. */
  intervalMs: number | null;
}

const DEFAULT_INTERVAL_S = 5;
const INVALID = "Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.";

/** The part of nvidia-smi's command line that a practice GPU can answer. @throws SmiUsageError */
export function parseSmiOptions(argv: readonly string[]): SmiOptions {
  const options: SmiOptions = {
    mode: { kind: "table" },
    ids: null,
    hasHeader: true,
    hasUnits: true,
    intervalMs: null,
  };
  let format: string | null = null;
  let i = 0;
  const next = () => (i < argv.length && !(argv[i] as string).startsWith("-") ? argv[i++] : undefined);
  while (i < argv.length) {
    const word = argv[i++] as string;
    const equals = word.startsWith("--") ? word.indexOf("=") : -1;
    const flag = equals < 0 ? word : word.slice(0, equals);
    const value = () => (equals < 0 ? next() : word.slice(equals + 1));
    switch (flag) {
      case "-L":
      case "--list-gpus":
        options.mode = { kind: "list" };
        break;
      case "-q":
      case "--query":
        options.mode = { kind: "details" };
        break;
      case "--version":
        options.mode = { kind: "version" };
        break;
      case "--help-query-gpu":
        options.mode = { kind: "help-query-gpu" };
        break;
      case "--query-gpu":
        options.mode = { kind: "query-gpu", fields: fieldList(value()) };
        break;
      case "--query-compute-apps":
        options.mode = { kind: "query-compute-apps", fields: fieldList(value()) };
        break;
      case "--format":
        format = value() ?? "";
        break;
      case "-i":
      case "--id":
        options.ids = fieldList(value());
        break;
      case "-l":
      case "--loop":
        options.intervalMs = 1000 * interval(value() ?? String(DEFAULT_INTERVAL_S));
        break;
      case "-lms":
      case "--loop-ms":
        options.intervalMs = interval(value() ?? "");
        break;
      default:
        throw new SmiUsageError(`${INVALID}\n\nOption ${word} is not available on a practice GPU.`, 2);
    }
  }
  return applyFormat(options, format);
}

function applyFormat(options: SmiOptions, format: string | null): SmiOptions {
  if (!("fields" in options.mode)) return options;
  const parts = (format ?? "").split(",").map((part) => part.trim());
  if (!parts.includes("csv")) {
    throw new SmiUsageError('"--format=" switch is missing. Use "--format=csv" for instance.', 2);
  }
  return { ...options, hasHeader: !parts.includes("noheader"), hasUnits: !parts.includes("nounits") };
}

function fieldList(value: string | undefined): string[] {
  return (value ?? "").split(",").map((field) => field.trim());
}

function interval(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new SmiUsageError(`Invalid loop value: ${text}`, 2);
  return value;
}
