// Numbers of a table, with as many digits as their uncertainty leaves them.

/** Decimals that show two digits of an uncertainty. */
export function decimalsFor(uncertainty: number): number {
  // A number that rounds up to the next power of ten (0.0997) counts as that.
  const exponent = Math.floor(Math.log10(Number(uncertainty.toPrecision(2))));
  return Math.max(0, Math.min(8, 1 - exponent));
}

const plainDecimals = (value: number): number => (value === 0 ? 0 : Math.max(0, Math.min(10, 3 - Math.floor(Math.log10(Math.abs(value))))));

/** `83.28 ± 0.24`; without an uncertainty four digits. */
export function uncertainText(value: number, uncertainty: number | null, signed = false): string {
  const known = uncertainty !== null && uncertainty > 0 && Number.isFinite(uncertainty);
  const text = known ? fixed(value, decimalsFor(uncertainty), signed) : plainText(value, signed);
  return uncertainty === null ? text : `${text} ± ${known ? fixed(uncertainty, decimalsFor(uncertainty)) : "0"}`;
}

/** With a true minus; with `signed` also a plus. Large numbers are written with an exponent. */
export function fixed(value: number, decimals: number, signed = false): string {
  if (!Number.isFinite(value)) return "not a number";
  const size = Math.abs(value);
  const text = size >= 1e9 ? size.toExponential(2) : size.toFixed(decimals);
  const zero = Number(text) === 0;
  return `${value < 0 && !zero ? "−" : signed && !zero ? "+" : ""}${text}`;
}

/** Four digits, for numbers without an uncertainty. */
export function plainText(value: number, signed = false): string {
  return fixed(value, plainDecimals(value), signed);
}

/** For CSV and JSON: twelve digits, so that the last bits of a sum make no other file. */
export const steady = (value: number): number => Number(value.toPrecision(12));
