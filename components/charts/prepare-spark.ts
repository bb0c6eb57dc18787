/** An SVG path in a box of `width` × `height`; a missing value lifts the pen. Pure. */
export function sparkPath(values: readonly (number | null)[], width: number, height: number): string {
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (finite.length === 0) return "";
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low;
  const stepX = values.length > 1 ? width / (values.length - 1) : 0;
  let path = "";
  let isDown = false;
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      isDown = false;
      return;
    }
    const y = span === 0 ? height / 2 : height - 1 - ((value - low) / span) * (height - 2);
    path += `${isDown ? "L" : "M"}${(index * stepX).toFixed(1)} ${y.toFixed(1)}`;
    isDown = true;
  });
  return path;
}
