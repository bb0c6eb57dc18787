/** Whether a version such as 0.19.0+cu121 is `wanted` or later. */
export function isAtLeast(version: string, wanted: readonly [number, number, number]): boolean {
  const parts = version.split(/[.+]/).map((part) => Number.parseInt(part, 10));
  for (const [index, part] of wanted.entries()) {
    const have = parts[index] ?? 0;
    if (have !== part) return have > part;
  }
  return true;
}
