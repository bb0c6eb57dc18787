/** A data set's name from a file's: "My Pairs (2).jsonl" → "my-pairs-2". Empty when nothing of it can stand in a name. */
export function suggestName(fileName: string): string {
  return fileName
    .replace(/\.[^.]*$/, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
    .slice(0, 64);
}
