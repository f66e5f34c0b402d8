// The law of parameters and tokens together, L(N, D) = c + a·N^−α + b·D^−β (Hoffmann et al. 2022, equation 2), and where it is lowest for a given
// amount of computing (their equation 4).

import { levenbergMarquardt } from "ml-levenberg-marquardt";
import { mean, quantile } from "simple-statistics";
import { randomStream } from "../../compiler/random.ts";
import { fitTwo, reaches, type Interval } from "./_fit.ts";

/** A row: parameters N, training tokens D, and the loss of each of its seeds. */
export interface JointPoint { readonly parameters: number; readonly tokens: number; readonly values: readonly number[] }

export interface JointLaw { readonly a: number; readonly alpha: number; readonly b: number; readonly beta: number; readonly c: number }

export interface JointFit extends JointLaw {
  readonly r2: number;
  /** 95 %, from resampling the seeds of each row; null with one seed. `share` is the exponent of compute in the best number of parameters, β / (α + β). */
  readonly intervals: { readonly [key in keyof JointLaw | "share"]: Interval } | null;
}

const draws = 200;

/** Null where there are fewer than six rows, or not three numbers of parameters and of tokens: five values are sought. Null too where the loss does not fall with both, or the constant falls to 0: then the rows do not tell the terms apart. */
export function fitJoint(points: readonly JointPoint[], seed = 0): JointFit | null {
  const distinct = (of: (point: JointPoint) => number): number => new Set(points.map(of)).size;
  if (points.length < 6 || distinct(({ parameters }) => parameters) < 3 || distinct(({ tokens }) => tokens) < 3 || points.some(({ values }) => !values.length || values.some((value) => !(value > 0 && Number.isFinite(value))))) return null;
  const means = points.map(({ values }) => mean([...values]));
  const law = lawOf(points, means);
  if (!law || !falls(law) || !reaches(law.c, means)) return null;
  const logs = means.map(Math.log);
  const center = mean(logs);
  const total = logs.reduce((sum, value) => sum + (value - center) ** 2, 0);
  const left = logs.reduce((sum, value, i) => sum + (value - Math.log(jointLossAt(law, points[i]))) ** 2, 0);
  const r2 = total > 0 ? 1 - left / total : 1;
  if (points.some(({ values }) => values.length < 2)) return { ...law, r2, intervals: null };
  const drawn: (JointLaw & { share: number })[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const random = randomStream(seed, "bootstrap joint", draw);
    const one = lawOf(points, points.map(({ values }) => mean(values.map(() => values[random.below(values.length)]))), law);
    if (one && falls(one)) drawn.push({ ...one, share: shareOf(one) });
  }
  // Too often no law of this kind: its intervals would be of the rest alone.
  if (drawn.length < 0.9 * draws) return { ...law, r2, intervals: null };
  const interval = (key: keyof JointLaw | "share"): Interval => {
    const [low, high] = quantile(drawn.map((one) => one[key]), [0.025, 0.975]);
    return { low, high };
  };
  return { ...law, r2, intervals: { a: interval("a"), alpha: interval("alpha"), b: interval("b"), beta: interval("beta"), c: interval("c"), share: interval("share") } };
}

/** An exponent near 0 cannot be told from a constant; below 0 nothing is lowest anywhere. */
const falls = ({ alpha, beta }: JointLaw): boolean => alpha > 0.01 && beta > 0.01;

export const jointLossAt = ({ a, alpha, b, beta, c }: JointLaw, { parameters, tokens }: { readonly parameters: number; readonly tokens: number }): number => c + a * parameters ** -alpha + b * tokens ** -beta;

/** The exponent of compute in the best number of parameters; of tokens it is the rest to 1. */
export const shareOf = ({ alpha, beta }: JointLaw): number => beta / (alpha + beta);

/** Where the law is lowest if parameters · tokens may be at most `product`. */
export function bestOf({ a, alpha, b, beta }: JointLaw, product: number): { readonly parameters: number; readonly tokens: number } {
  const parameters = ((alpha * a) / (beta * b)) ** (1 / (alpha + beta)) * product ** (beta / (alpha + beta));
  return { parameters, tokens: product / parameters };
}

/** Least squares of ln L by Levenberg–Marquardt in (ln a, α, ln b, β, ln c) around the means of ln N and ln D, from a grid of beginnings or the given law. */
function lawOf(points: readonly JointPoint[], losses: readonly number[], from?: JointLaw): JointLaw | null {
  const [n, d] = [points.map(({ parameters }) => Math.log(parameters)), points.map(({ tokens }) => Math.log(tokens))];
  const [middleN, middleD] = [mean(n), mean(d)];
  const y = losses.map(Math.log);
  const smallest = Math.min(...losses);
  const starts = from ? [from] : [0.1, 0.5, 0.9].flatMap((share) => {
    const rest = losses.map((loss) => loss - share * smallest);
    const [overN, overD] = [fitTwo(points.map(({ parameters }) => parameters), rest), fitTwo(points.map(({ tokens }) => tokens), rest)];
    const [alpha, beta] = [Math.max(overN.b, 0.05), Math.max(overD.b, 0.05)];
    const middle = mean(rest);
    return [0.2, 0.5, 0.8].map((part) => ({ a: part * middle * Math.exp(alpha * middleN), alpha, b: (1 - part) * middle * Math.exp(beta * middleD), beta, c: share * smallest }));
  });
  // x is the number of the point: the law reads two quantities.
  const law = ([lnA, alpha, lnB, beta, lnC]: readonly number[]) => (i: number): number => {
    const terms = [lnA - alpha * (n[i] - middleN), lnB - beta * (d[i] - middleD), lnC];
    const top = Math.max(...terms);
    return top + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - top), 0));
  };
  let best: { error: number; values: readonly number[] } | null = null;
  for (const { a, alpha, b, beta, c } of starts) {
    const initialValues = [Math.log(a) - alpha * middleN, alpha, Math.log(b) - beta * middleD, beta, Math.log(Math.max(c, 1e-9 * smallest))];
    const { parameterValues, parameterError } = levenbergMarquardt({ x: points.map((_, i) => i), y }, law, { initialValues, damping: 1e-2, maxIterations: 200, gradientDifference: 1e-6, errorTolerance: 1e-14 });
    if (parameterValues.every(Number.isFinite) && (!best || parameterError < best.error)) best = { error: parameterError, values: parameterValues };
  }
  if (!best) return null;
  const [lnA, alpha, lnB, beta, lnC] = best.values;
  return { a: Math.exp(lnA + alpha * middleN), alpha, b: Math.exp(lnB + beta * middleD), beta, c: Math.exp(lnC) };
}
