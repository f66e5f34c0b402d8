// Rounding as T5's code rounds (numpy): halves to even.

export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** A share of n tokens, at least one of them where the share is not 0, and at most `most`. */
export function shareOf(n: number, rate: number, most: number): number {
  return rate === 0 ? 0 : Math.max(0, Math.min(Math.max(1, roundHalfEven(n * rate)), most));
}
