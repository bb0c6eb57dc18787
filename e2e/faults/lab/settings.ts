/** How the laboratory was started; server/cli/test-faults.mjs sets it. */
export const IS_LONG = process.env.TRAINYARD_FAULTS_SIZE === "long";
/** The same seed throws the same faults in the same order. */
export const SEED = Number(process.env.TRAINYARD_FAULTS_SEED ?? "1");
/** A line of JSON per outcome; null: nobody collects them. */
export const REPORT_FILE = process.env.TRAINYARD_FAULTS_REPORT ?? null;

/** What differs between the minutes of `npm test` and a night. */
export function sized<T>({ short, long }: { short: T; long: T }): T {
  return IS_LONG ? long : short;
}
