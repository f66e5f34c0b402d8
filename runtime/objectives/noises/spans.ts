// spans(rate, mean:): T5's random spans (Raffel et al. 2020; `random_spans_noise_mask`). spans(rate, poisson:): BART's text
// infilling (Lewis et al. 2020, section 2.2), where a span of length 0 is a mask put in.

import type { Arguments } from "../../../compiler/objectives/facts.ts";
import { roundHalfEven, shareOf } from "../../../compiler/objectives/rounding.ts";
import type { RandomStream } from "../../../compiler/random.ts";
import { choose, segments } from "./_spans.ts";
import { defineNoise, type Span } from "./define.ts";

export const spans = defineNoise({
  word: "spans",
  doc: "A share of the tokens in stretches: `mean` gives their exact number (T5), `poisson` draws each length (BART).",
  parameters: {
    rate: { type: { type: "rate" }, positional: true, required: true, doc: "how many of the tokens" },
    mean: { type: { type: "number", minimum: 1 }, doc: "mean length of a stretch" },
    poisson: { type: { type: "number", minimum: 0.1, maximum: 100 }, doc: "mean of the Poisson distribution of the lengths; a stretch of length 0 is a mask put in" },
  },
  stretches: true,
  ends: false,
  problem: ({ mean, poisson }) => ((mean === undefined) === (poisson === undefined) ? "exactly one of `mean` and `poisson`" : null),
  range(n, args) {
    if (args.mean !== undefined) {
      const { noised, spans: count } = meanCounts(n, args);
      return { noised: [noised, noised], spans: [count, count] };
    }
    const noised = shareOf(n, args.rate as number, n - 1);
    return { noised: [noised, noised], spans: [Math.min(1, noised), Math.min(noised, n - noised + 1)] };
  },
  draw(n, args, { random }) {
    return args.mean !== undefined ? meanSpans(n, args, random) : poissonSpans(n, args, random);
  },
});

/** Both counts as T5 rounds them; never so many stretches that two of them would touch. */
function meanCounts(n: number, { rate, mean }: Arguments): { noised: number; spans: number } {
  const noised = shareOf(n, rate as number, n - 1);
  if (noised <= 0) return { noised: 0, spans: 0 };
  return { noised, spans: Math.min(Math.max(1, roundHalfEven(noised / (mean as number))), noised, n - noised) };
}

/** Kept and noised stretches in turn, beginning with a kept one, as in T5. */
function meanSpans(n: number, args: Arguments, random: RandomStream): Span[] {
  const { noised, spans: count } = meanCounts(n, args);
  if (count === 0) return [];
  const lengths = segments(noised, count, random);
  let at = 0;
  return segments(n - noised, count, random).map((kept, i) => {
    const start = at + kept;
    at = start + lengths[i];
    return { start, length: lengths[i] };
  });
}

/** Lengths are drawn until they sum to the share, the last one cut; each stretch goes into a gap of its own between kept tokens. */
function poissonSpans(n: number, { rate, poisson: mean }: Arguments, random: RandomStream): Span[] {
  const noised = shareOf(n, rate as number, n - 1);
  if (noised <= 0) return [];
  const most = Math.min(noised, n - noised + 1);
  const lengths: number[] = [];
  let left = noised;
  while (left > 0 && lengths.length < most) {
    // The last stretch that there is room for takes what is left.
    const length = lengths.length === most - 1 ? left : Math.min(left, poisson(mean as number, random));
    // No mask put in where one token a stretch may still be needed.
    if (length === 0 && left >= most - lengths.length) continue;
    lengths.push(length);
    left -= length;
  }
  const gaps = choose(n - noised + 1, lengths.length, random);
  const spans: Span[] = [];
  let at = 0;
  gaps.forEach((taken, kept) => {
    if (!taken) return;
    const length = lengths[spans.length];
    spans.push({ start: kept + at, length });
    at += length;
  });
  return spans;
}

/** By inversion: the smallest k with u below the sum of e^(−mean) · mean^i / i! up to k. */
function poisson(mean: number, random: RandomStream): number {
  const u = random.unit();
  let probability = Math.exp(-mean);
  let sum = probability;
  let k = 0;
  while (u >= sum && probability > 0) {
    k++;
    probability *= mean / k;
    sum += probability;
  }
  return k;
}
