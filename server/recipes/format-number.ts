/** As a researcher writes it: 9.65e-6 rather than 0.00000965. Python reads every form that this returns. */
export function formatNumber(value: number): string {
  if (value === 0 || Number.isInteger(value) || Math.abs(value) >= 1e-3) return String(value);
  return value.toExponential();
}
