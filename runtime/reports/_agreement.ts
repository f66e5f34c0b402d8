// Whether two orderings of the same rows agree: Kendall's τ-b with ties, and pair by pair.

export type Verdict = "reproduced" | "contradicted" | "cannot tell";

/** Of two rows: 1 the first is better, −1 the second, 0 a tie. */
export type Compare = (i: number, j: number) => number;

export interface PairVerdict {
  /** The row that is better as published; of a published tie the earlier one. */
  readonly better: number;
  readonly worse: number;
  readonly verdict: Verdict;
  /** Which side has the tie, where there is one. */
  readonly tie: "ours" | "published" | "both" | null;
}

export interface Agreement {
  readonly pairs: readonly PairVerdict[];
  readonly counts: { readonly [verdict in Verdict]: number };
  /** −1 to 1; null where one side has nothing but ties. */
  readonly tau: number | null;
}

export function agreementOf(rows: number, ours: Compare, published: Compare): Agreement {
  const pairs: PairVerdict[] = [];
  const counts: { [verdict in Verdict]: number } = { reproduced: 0, contradicted: 0, "cannot tell": 0 };
  for (let i = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) {
      const [a, b] = [Math.sign(ours(i, j)), Math.sign(published(i, j))];
      const verdict: Verdict = a === 0 || b === 0 ? "cannot tell" : a === b ? "reproduced" : "contradicted";
      counts[verdict]++;
      const [better, worse] = b < 0 ? [j, i] : [i, j];
      pairs.push({ better, worse, verdict, tie: a === 0 && b === 0 ? "both" : a === 0 ? "ours" : b === 0 ? "published" : null });
    }
  }
  return { pairs, counts, tau: kendallTauB(rows, ours, published) };
}

/**
 * τ-b = (C − D) / √((n₀ − n₁)(n₀ − n₂)) with C concordant and D discordant of n₀ = n(n − 1)/2 pairs, n₁ and n₂ of them tied on either
 * side (Kendall 1945). Ties are those of `compare`, which need not be transitive.
 */
export function kendallTauB(rows: number, first: Compare, second: Compare): number | null {
  let [agreed, firstUntied, secondUntied] = [0, 0, 0];
  for (let i = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) {
      const [a, b] = [Math.sign(first(i, j)), Math.sign(second(i, j))];
      agreed += a * b;
      firstUntied += Math.abs(a);
      secondUntied += Math.abs(b);
    }
  }
  return firstUntied && secondUntied ? agreed / Math.sqrt(firstUntied * secondUntied) : null;
}
