// Power laws of a loss: L = a·x^−b (Kaplan et al. 2020, equation 1.1) and L = c + a·x^−b (Hoffmann et al. 2022, equation 2 in one variable).

import { levenbergMarquardt } from "ml-levenberg-marquardt";
import { linearRegression, mean, quantile } from "simple-statistics";
import { randomStream } from "../../compiler/random.ts";

/** A row of a grid: where it stands, and the loss of each of its seeds. */
export interface FitPoint { readonly x: number; readonly values: readonly number[] }

export interface PowerLaw { readonly a: number; readonly b: number; /** The loss that no x goes below; 0 in the form without it. */ readonly c: number }

export interface Interval { readonly low: number; readonly high: number }

export interface Fit extends PowerLaw {
  readonly form: "a·x^−b" | "c + a·x^−b";
  /** Of ln L: the share of the variance of the rows' means that the law explains. */
  readonly r2: number;
  /** 95 %, from resampling; null where there is too little to resample. */
  readonly intervals: { readonly a: Interval; readonly b: Interval; readonly c: Interval } | null;
  /** What was resampled: the seeds within each row, or, with one seed, what the law leaves over. */
  readonly by: "seeds" | "residuals" | null;
}

const draws = 400;

/** Fits of a loss over one quantity: with two rows or more the law of two parameters, with four or more also that with a constant, if that is not 0. */
export function fitsOf(points: readonly FitPoint[], seed = 0): Fit[] {
  const usable = points.map(({ x, values }) => ({ x, values: values.filter((value) => Number.isFinite(value) && value > 0) })).filter(({ x, values }) => x > 0 && values.length);
  const distinct = new Set(usable.map(({ x }) => x)).size;
  return [...(distinct >= 2 ? [fitted("a·x^−b", usable, seed)] : []), ...(distinct >= 4 ? [fitted("c + a·x^−b", usable, seed)] : [])].filter((fit) => fit !== null);
}

/** Whether a constant is a twentieth of the least loss or more: below, the law with it is nearly the law without it, its place is flat, and its interval would be of noise. */
export const reaches = (c: number, losses: readonly number[]): boolean => c >= 5e-2 * Math.min(...losses);

/** The value of a law. */
export const lossAt = ({ a, b, c }: PowerLaw, x: number): number => c + a * x ** -b;

/** Least squares of ln L over ln x: a straight line. */
export function fitTwo(xs: readonly number[], losses: readonly number[]): PowerLaw {
  const { m, b } = linearRegression(xs.map((x, i) => [Math.log(x), Math.log(losses[i])]));
  return { a: Math.exp(b), b: -m, c: 0 };
}

/**
 * Least squares of ln L, as Hoffmann et al. do it, by Levenberg–Marquardt in (ln a, b, ln c) around the mean of ln x, from a grid of
 * beginnings or from the given law. Null where none of them ends in numbers.
 */
export function fitThree(xs: readonly number[], losses: readonly number[], from?: PowerLaw): PowerLaw | null {
  const x = xs.map(Math.log);
  const center = mean(x);
  const [centered, y] = [x.map((value) => value - center), losses.map(Math.log)];
  const smallest = Math.min(...losses);
  const starts = from ? [from] : [0.05, 0.5, 0.9].map((share) => {
    const rest = fitTwo(xs, losses.map((loss) => loss - share * smallest));
    return { ...rest, c: share * smallest };
  });
  const law = ([lnA, b, lnC]: readonly number[]) => (value: number): number => {
    const [p, q] = [lnA - b * value, lnC];
    const top = Math.max(p, q);
    return top + Math.log(Math.exp(p - top) + Math.exp(q - top));
  };
  let best: { error: number; values: readonly number[] } | null = null;
  for (const { a, b, c } of starts) {
    const initialValues = [Math.log(a) - b * center, b, Math.log(Math.max(c, 1e-9 * smallest))];
    const { parameterValues, parameterError } = levenbergMarquardt({ x: centered, y }, law, { initialValues, damping: 1e-2, maxIterations: 100, gradientDifference: 1e-6, errorTolerance: 1e-14 });
    if (parameterValues.every(Number.isFinite) && (!best || parameterError < best.error)) best = { error: parameterError, values: parameterValues };
  }
  if (!best) return null;
  const [lnA, b, lnC] = best.values;
  return { a: Math.exp(lnA + b * center), b, c: Math.exp(lnC) };
}

function fitted(form: Fit["form"], points: readonly FitPoint[], seed: number): Fit | null {
  const xs = points.map(({ x }) => x);
  const means = points.map(({ values }) => mean([...values]));
  const fit = (losses: readonly number[], from?: PowerLaw): PowerLaw | null => (form === "a·x^−b" ? fitTwo(xs, losses) : fitThree(xs, losses, from));
  const law = fit(means);
  if (!law || (form !== "a·x^−b" && !reaches(law.c, means))) return null;
  const logs = means.map(Math.log);
  const center = mean(logs);
  const left = logs.map((value, i) => value - Math.log(lossAt(law, xs[i])));
  const total = logs.reduce((sum, value) => sum + (value - center) ** 2, 0);
  const r2 = total > 0 ? 1 - left.reduce((sum, value) => sum + value ** 2, 0) / total : 1;
  const by = points.every(({ values }) => values.length > 1) ? "seeds" : new Set(xs).size > (form === "a·x^−b" ? 2 : 3) ? "residuals" : null;
  if (by === null) return { form, ...law, r2, intervals: null, by };
  const drawn: PowerLaw[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const random = randomStream(seed, `bootstrap ${form}`, draw);
    const losses = by === "seeds"
      ? points.map(({ values }) => mean(values.map(() => values[random.below(values.length)])))
      : xs.map((x) => lossAt(law, x) * Math.exp(left[random.below(left.length)]));
    const one = fit(losses, law);
    if (one) drawn.push(one);
  }
  const interval = (key: keyof PowerLaw): Interval => {
    const [low, high] = quantile(drawn.map((one) => one[key]), [0.025, 0.975]);
    return { low, high };
  };
  return { form, ...law, r2, intervals: { a: interval("a"), b: interval("b"), c: interval("c") }, by };
}
