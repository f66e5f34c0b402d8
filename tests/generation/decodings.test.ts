// Decodings on logits given by hand: no session, no model.

import { expect, test } from "vitest";
import { randomStream } from "../../compiler/random.ts";
import { beam } from "../../runtime/generation/decodings/beam.ts";
import type { DecodingArguments, DecodingDefinition, GeneratedSequence, SearchStart } from "../../runtime/generation/decodings/define.ts";
import { greedy } from "../../runtime/generation/decodings/greedy.ts";
import { drawToken, sample } from "../../runtime/generation/decodings/sample.ts";
import { filteredProbabilities } from "../../runtime/generation/filters.ts";
import { largestOf, logSoftmax } from "../../runtime/generation/logits.ts";
import { penalized } from "../../runtime/generation/penalties.ts";

/** A model whose next token depends on the last one alone: rows of probabilities. */
type Chain = readonly (readonly number[])[];

function decode(definition: DecodingDefinition, args: DecodingArguments, chain: Chain, start: Partial<SearchStart> = {}): readonly GeneratedSequence[] {
  const search = definition.begin(args, { history: [0], tokens: 3, stop: [], random: (text) => randomStream(1, "sample", 0, text), alternatives: 0, ...start });
  const logits = (id: number): Float32Array => Float32Array.from(chain[id], Math.log);
  let last: readonly number[] = new Array<number>(definition.rows(args)).fill(0);
  for (let steps = 0; steps < 20; steps++) {
    const next = search.step(last.map(logits));
    if (!next) break;
    last = next.map(({ id }) => id);
  }
  return search.results();
}

// Greedy takes 1 (0.6) and then has only halves; the likeliest two tokens are 2, 3 (0.4 · 1).
const garden: Chain = [[0, 0.6, 0.4, 0], [0.5, 0.5, 0, 0], [0, 0, 0, 1], [0.25, 0.25, 0.25, 0.25]];

test("greedy misses what two beams find", () => {
  const [first] = decode(greedy, {}, garden, { tokens: 2 });
  expect(first.ids).toEqual([1, 0]);
  expect(first.score).toBeCloseTo(Math.log(0.3), 6);
  const [best] = decode(beam, { beams: 2 }, garden, { tokens: 2 });
  expect(best.ids).toEqual([2, 3]);
  expect(best.score).toBeCloseTo(Math.log(0.4) / 2, 6);
  expect(best.logprobs[0]).toBeCloseTo(Math.log(0.4), 6);
});

test("a beam's score: end token counted, start not, length to the power of the penalty", () => {
  // 0 ends at once with 0.5, or goes on with 1, after which it ends for certain.
  const chain: Chain = [[0, 0.5, 0.5], [0, 0, 1], [0, 1, 0]];
  const run = (length_penalty: number) => decode(beam, { beams: 2, length_penalty, sequences: 2 }, chain, { stop: [2] });
  expect(run(1).map(({ ids }) => ids)).toEqual([[1, 2], [2]]);
  expect(run(1)[0].score).toBeCloseTo(Math.log(0.5) / 2, 6);
  expect(run(-1).map(({ ids }) => ids)).toEqual([[2], [1, 2]]);
  expect(run(-1)[1].score).toBeCloseTo(Math.log(0.5) * 2, 6);
});

test("an interrupted beam search gives its running texts", () => {
  const search = beam.begin({ beams: 2, sequences: 2 }, { history: [0], tokens: 9, stop: [], random: () => randomStream(1, "sample"), alternatives: 0 });
  expect(search.results()).toEqual([]);
  search.step([0, 0].map(() => Float32Array.from(garden[0], Math.log)));
  expect(search.results().map(({ ids }) => ids)).toEqual([[1], [2]]);
});

test("texts end at the end token, which is kept, or at the number of tokens", () => {
  const chain: Chain = [[0, 1, 0], [0, 0, 1], [1, 0, 0]];
  expect(decode(greedy, {}, chain, { stop: [2], tokens: 9 })[0].ids).toEqual([1, 2]);
  expect(decode(greedy, {}, chain, { tokens: 4 })[0].ids).toEqual([1, 2, 0, 1]);
  const seen: number[] = [];
  decode(greedy, {}, chain, { tokens: 2, onToken: (id) => seen.push(id) });
  expect(seen).toEqual([1, 2]);
});

test("several samples of a prompt have streams of their own; the first is that of one sample alone", () => {
  const chain: Chain = Array.from({ length: 6 }, () => [1, 1, 1, 1, 1, 1]);
  const three = decode(sample, { sequences: 3 }, chain, { tokens: 12 }).map(({ ids }) => ids.join());
  expect(new Set(three).size).toBe(3);
  expect(decode(sample, {}, chain, { tokens: 12 })[0].ids.join()).toBe(three[0]);
});

test("ties at the k-th stay, temperature 0 takes the lowest of the largest", () => {
  expect([...filteredProbabilities([1, 3, 3, 3, 0], { top_k: 2 })].map((p) => p > 0)).toEqual([false, true, true, true, false]);
  expect(drawToken([1, 3, 3], { temperature: 0 }, randomStream(1, "sample"))).toBe(1);
});

test("draws follow the probabilities and repeat with the seed", () => {
  const logits = [0, Math.log(2), Math.log(5)];
  const random = randomStream(9, "sample");
  const counts = [0, 0, 0];
  for (let n = 0; n < 8000; n++) counts[drawToken(logits, {}, random)]++;
  counts.forEach((count, i) => expect(count / 8000).toBeCloseTo([1, 2, 5][i] / 8, 1));
  expect(drawToken(logits, {}, randomStream(4, "sample", 3))).toBe(drawToken(logits, {}, randomStream(4, "sample", 3)));
});

test("penalties: a seen id is divided or multiplied once, then n-grams are banned", () => {
  const scores = Float64Array.of(2, -2, 1, 4);
  expect([...penalized(scores, [0, 1, 0], { repetition_penalty: 2 })]).toEqual([1, -4, 1, 4]);
  expect([...penalized(scores, [3, 1, 3], { no_repeat_ngram: 2 })]).toEqual([2, -Infinity, 1, 4]);
  expect([...penalized(scores, [3, 1], { no_repeat_ngram: 1 })]).toEqual([2, -Infinity, 1, -Infinity]);
  expect([...penalized(scores, [2], { no_repeat_ngram: 3 })]).toEqual([...scores]);
  expect(penalized(scores, [1], {})).toBe(scores);
});

test("the largest of a list, equals by index; log-probabilities sum to 1", () => {
  expect(largestOf([1, 5, 3, 5, 2], 3)).toEqual([1, 3, 2]);
  expect(largestOf([1], 3)).toEqual([0]);
  expect(logSoftmax([1000, 1001, -Infinity]).reduce((sum, x) => sum + Math.exp(x), 0)).toBeCloseTo(1, 12);
});
