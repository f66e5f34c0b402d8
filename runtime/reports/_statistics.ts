// What a few seeds can say: means, sample standard deviations, differences from a baseline, and which rows can be told apart.

import { mean, sampleVariance } from "simple-statistics";

export interface Sample { readonly seed: number; readonly value: number }

export interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation, √(Σ(x − x̄)² / (n − 1)); null for one value. */
  readonly deviation: number | null;
}

export interface Difference {
  /** Ours minus the other's. */
  readonly value: number;
  /** Standard error of the difference; null where one seed says nothing of it. */
  readonly error: number | null;
  /** `paired`: over the seeds that both have. `welch`: of independent samples. */
  readonly by: "paired" | "welch" | "one seed";
  readonly seeds: number;
}

/** Values that are no numbers (a run that diverged) are left out. Null where nothing is left. */
export function momentsOf(samples: readonly Sample[]): Moments | null {
  const values = finite(samples).map(({ value }) => value);
  if (!values.length) return null;
  return { n: values.length, mean: mean(values), deviation: values.length > 1 ? Math.sqrt(sampleVariance(values)) : null };
}

/**
 * Over two or more common seeds the mean of the differences d of each seed, with the error s(d) / √n: seeds that share initial weights
 * and the order of data cancel what they have in common. Without common seeds the difference of means with Welch's error √(s²/n + t²/m).
 */
export function differenceOf(own: readonly Sample[], other: readonly Sample[]): Difference | null {
  const [a, b] = [momentsOf(own), momentsOf(other)];
  if (!a || !b) return null;
  const others = new Map(finite(other).map(({ seed, value }) => [seed, value]));
  const paired = finite(own).flatMap(({ seed, value }) => (others.has(seed) ? [value - others.get(seed)!] : []));
  if (paired.length > 1) return { value: mean(paired), error: Math.sqrt(sampleVariance(paired) / paired.length), by: "paired", seeds: paired.length };
  if (a.deviation !== null && b.deviation !== null) return { value: a.mean - b.mean, error: Math.sqrt(a.deviation ** 2 / a.n + b.deviation ** 2 / b.n), by: "welch", seeds: Math.min(a.n, b.n) };
  return { value: a.mean - b.mean, error: null, by: "one seed", seeds: 1 };
}

/** How many standard deviations count as a difference, as in T5's tables (Raffel et al. 2020, section 3.1.3). */
export const deviations = 2;

/** Whether a mean is more than two of the baseline's standard deviations from the baseline's mean; null where one seed cannot say. */
export function beyondBaseline(own: Moments, baseline: Moments): boolean | null {
  return baseline.deviation === null ? null : exceeds(own.mean - baseline.mean, deviations * baseline.deviation, baseline.mean);
}

/**
 * Which of two rows has the larger value: 1 the first, −1 the second, 0 where they cannot be told apart. They can where their means differ
 * by more than two of the baseline's standard deviations and by more than two standard errors of their own difference: a row
 * that varies more than the baseline is not judged by the baseline's calm.
 */
export function toldApart(own: readonly Sample[], other: readonly Sample[], baseline: Moments): -1 | 0 | 1 {
  const [a, b, difference] = [momentsOf(own), momentsOf(other), differenceOf(own, other)];
  if (!a || !b || !difference || difference.error === null || baseline.deviation === null) return 0;
  const apart = exceeds(a.mean - b.mean, deviations * baseline.deviation, baseline.mean) && exceeds(difference.value, deviations * difference.error, baseline.mean);
  return apart && Math.sign(difference.value) === Math.sign(a.mean - b.mean) ? (a.mean > b.mean ? 1 : -1) : 0;
}

/**
 * How often two standard errors of a difference over n seeds hold the true one, were values normal: P(|t| < 2) of Student's t with
 * ν = n − 1, which is ∫cos^(ν−1) over [0, arctan(2/√ν)] to that over [0, π/2] (Simpson's rule).
 */
export function coverage(seeds: number): number {
  const freedom = seeds - 1;
  const integral = (end: number): number => {
    const [parts, step] = [200, end / 200];
    let sum = 0;
    for (let k = 0; k <= parts; k++) sum += Math.cos(k * step) ** (freedom - 1) * (k === 0 || k === parts ? 1 : k % 2 ? 4 : 2);
    return (sum * step) / 3;
  };
  return integral(Math.atan(deviations / Math.sqrt(freedom))) / integral(Math.PI / 2);
}

/** Beyond a threshold by more than what rounding makes of equal numbers. */
function exceeds(difference: number, threshold: number, scale: number): boolean {
  return Math.abs(difference) > threshold + 1e-12 * Math.abs(scale);
}

/** The best and the worst place that a row may have: places that cannot be told apart are shared. */
export interface Place { readonly from: number; readonly to: number }

/** `compare(i, j)`: 1 where row i is the better one for sure, −1 where j is, else 0. */
export function placesOf(rows: number, compare: (i: number, j: number) => number): Place[] {
  return Array.from({ length: rows }, (_, i) => {
    let [better, worse] = [0, 0];
    for (let j = 0; j < rows; j++) {
      const sign = i === j ? 0 : compare(i, j);
      if (sign < 0) better++;
      else if (sign > 0) worse++;
    }
    return { from: better + 1, to: rows - worse };
  });
}

function finite(samples: readonly Sample[]): Sample[] {
  return samples.filter(({ value }) => Number.isFinite(value));
}
