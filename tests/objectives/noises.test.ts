// Every noise: exact counts, ranges that no draw leaves, distributions over many examples, and degenerate texts.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Arguments } from "../../compiler/objectives/facts.ts";
import { roundHalfEven } from "../../compiler/objectives/rounding.ts";
import { randomStream } from "../../compiler/random.ts";
import type { NoiseDefinition, Span } from "../../runtime/objectives/noises/define.ts";
import { noises } from "../../runtime/objectives/noises/index.ts";

const known: Readonly<Record<string, NoiseDefinition>> = noises;
const rate = (value: number): Arguments => ({ rate: value });
const samples: readonly (readonly [string, Arguments])[] = [
  ["tokens", rate(0.15)], ["tokens", rate(1)], ["whole_words", rate(0.3)], ["spans", { rate: 0.15, mean: 3 }], ["spans", { rate: 0.5, mean: 8 }], ["spans", { rate: 0.9, mean: 1 }],
  ["spans", { rate: 0.3, poisson: 3 }], ["spans", { rate: 0.8, poisson: 0.5 }], ["suffix", { part: "uniform" }], ["suffix", { part: 0.25 }], ["everything", {}],
];
/** A word begins at every third token. */
const words = (n: number) => () => Uint8Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1 : 0));
const draw = (word: string, args: Arguments, n: number, seed: number): Span[] => known[word].draw(n, args, { random: randomStream(seed, "test"), words: words(n) });
const noisedOf = (spans: readonly Span[]): number => spans.reduce((sum, span) => sum + span.length, 0);

test("halves round to even", () => {
  expect([0.5, 1.5, 2.5, 76.8, 3.4999].map(roundHalfEven)).toEqual([0, 2, 2, 77, 3]);
});

describe.each(samples)("%s %j", (word, args) => {
  test("draws stretches in order, apart, inside the text and within its range, however short", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 80 }), fc.nat(), (n, seed) => {
      const spans = draw(word, args, n, seed);
      const range = known[word].range(n, args);
      const noised = noisedOf(spans);
      expect(noised).toBeGreaterThanOrEqual(range.noised[0]);
      expect(noised).toBeLessThanOrEqual(range.noised[1]);
      expect(spans.length).toBeLessThanOrEqual(range.spans[1]);
      spans.forEach(({ start, length }, i) => {
        expect(start + length).toBeLessThanOrEqual(n);
        if (i > 0) expect(start).toBeGreaterThan(spans[i - 1].start + spans[i - 1].length - 1);
      });
      // The same numbers give the same noise.
      expect(draw(word, args, n, seed)).toEqual(spans);
    }));
  });
});

test("every word has samples", () => {
  expect([...new Set(samples.map(([word]) => word))].sort()).toEqual(Object.keys(noises).sort());
});

describe("over many examples", () => {
  const many = 4_000;
  test("tokens: 15 % of each text, each place alike", () => {
    const counts = new Array<number>(40).fill(0);
    for (let seed = 0; seed < many; seed++) {
      const spans = draw("tokens", rate(0.15), 40, seed);
      expect(noisedOf(spans)).toBe(6);
      for (const { start, length } of spans) for (let i = start; i < start + length; i++) counts[i]++;
    }
    // A place is noised in 600 of 4,000 examples; five deviations are 113.
    for (const count of counts) expect(Math.abs(count - 600)).toBeLessThan(115);
  });

  test("spans: T5's counts, mean length 3, lengths spread as compositions are", () => {
    const lengths: number[] = [];
    for (let seed = 0; seed < 400; seed++) {
      const spans = draw("spans", { rate: 0.15, mean: 3 }, 568, seed);
      expect([spans.length, noisedOf(spans)]).toEqual([28, 85]);
      lengths.push(...spans.map((span) => span.length));
    }
    // A part of a random composition of 85 into 28 is 1 with probability 27 / 84.
    expect(lengths.filter((length) => length === 1).length / lengths.length).toBeCloseTo(27 / 84, 1);
    expect(Math.min(...lengths)).toBe(1);
  });

  test("spans with poisson: lengths as Poisson(3), zeros among them", () => {
    const lengths: number[] = [];
    for (let seed = 0; seed < 400; seed++) {
      const spans = draw("spans", { rate: 0.3, poisson: 3 }, 512, seed);
      expect(noisedOf(spans)).toBe(154);
      lengths.push(...spans.slice(0, -1).map((span) => span.length));
    }
    const share = (k: number): number => lengths.filter((length) => length === k).length / lengths.length;
    const poisson = (k: number): number => (Math.exp(-3) * 3 ** k) / [1, 1, 2, 6, 24][k];
    for (const k of [0, 1, 2, 3, 4]) expect(Math.abs(share(k) - poisson(k)), `length ${k}`).toBeLessThan(0.02);
  });

  test("suffix(uniform): every place alike", () => {
    const counts = new Array<number>(11).fill(0);
    for (let seed = 0; seed < many; seed++) counts[draw("suffix", { part: "uniform" }, 11, seed)[0].start]++;
    expect(counts[0]).toBe(0);
    for (const count of counts.slice(1)) expect(Math.abs(count - 400)).toBeLessThan(100);
  });

  test("whole_words: words are whole, and the share is kept", () => {
    let total = 0;
    for (let seed = 0; seed < many; seed++) {
      for (const { start, length } of draw("whole_words", rate(0.3), 30, seed)) {
        expect([start % 3, length % 3]).toEqual([0, 0]);
        total += length;
      }
    }
    expect(total / many).toBe(9);
  });
});

test("degenerate texts", () => {
  expect(draw("tokens", rate(0.15), 1, 1)).toEqual([{ start: 0, length: 1 }]);
  expect(draw("spans", { rate: 0.15, mean: 3 }, 1, 1)).toEqual([]);
  expect(noisedOf(draw("spans", { rate: 0.15, mean: 3 }, 2, 1))).toBe(1);
  expect(draw("suffix", { part: "uniform" }, 1, 1)).toEqual([]);
  for (const [word, args] of samples) expect(draw(word, args, 0, 1)).toEqual([]);
});
