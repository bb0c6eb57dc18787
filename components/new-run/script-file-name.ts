/** "OPT-1.3B on 2 × A30" → "opt-1.3b-on-2-a30.sh" */
export function scriptFileName(runName: string): string {
  const words = runName.toLowerCase().match(/[a-z0-9]+(?:\.[a-z0-9]+)*/g);
  return `${words?.join("-").slice(0, 80) ?? "run"}.sh`;
}
