// Comparing arrays: the error of each element relative to its size, or to the root mean square of all where that is larger.

/** Largest error; infinite where one side is not finite and the other is different, or lengths differ. */
export function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let squares = 0;
  for (let i = 0; i < expected.length; i++) squares += expected[i] * expected[i];
  const typical = Math.sqrt(squares / Math.max(1, expected.length));
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    if (actual[i] === expected[i]) continue;
    const error = Math.abs(actual[i] - expected[i]) / Math.max(Math.abs(expected[i]), typical);
    if (!(error <= largest)) largest = Number.isFinite(error) ? error : Infinity;
  }
  return largest;
}

/** Throws with the worst error and the first elements of both sides. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  const error = largestError(actual, expected);
  if (error <= tolerance) return;
  const head = (values: ArrayLike<number>): string => `${values.length}: ${Array.from({ length: Math.min(12, values.length) }, (_, i) => values[i].toPrecision(7)).join(" ")}`;
  throw new Error(`${what}: relative error ${error.toExponential(2)} > ${tolerance}\n  actual   ${head(actual)}\n  expected ${head(expected)}`);
}
