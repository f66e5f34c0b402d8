// Layers of streams and heads with weights made by hand: gate, adapter, softcap, pool, cross_attention, cosine, tied buffers.

import { expect, test } from "vitest";
import { valuesOf } from "../harness/model-values.ts";

const close = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 10));
};
const table = { "encoder.embed.tokens.weight": [1, 2, 3, 4, 5, 6] };
const encoder = (rest: string): string => `model m { encoder { embed: tokens(3, 2) ${rest} } }`;

test("gate begins as nothing", () => {
  expect(valuesOf(encoder("residual { scale(5) gate }"), 1, 1, { ...table, tokens: [1] }).encoder).toEqual([3, 4]);
  close(valuesOf(encoder("gate"), 1, 1, { ...table, tokens: [1], "encoder.gate.weight": [0.5] }).encoder, [3 * Math.tanh(0.5), 4 * Math.tanh(0.5)]);
});

test("adapter adds a narrow network of the features", () => {
  const weights = { "encoder.adapter.down.weight": [1, 1], "encoder.adapter.down.bias": [-10], "encoder.adapter.up.weight": [2, 3], "encoder.adapter.up.bias": [0.5, 0] };
  // relu(3 + 4 - 10) = 0, relu(5 + 6 - 10) = 1
  expect(valuesOf(encoder("adapter(1, relu)"), 1, 2, { ...table, ...weights, tokens: [1, 2] }).encoder).toEqual([3.5, 4, 7.5, 9]);
});

test("softcap bounds the features", () => {
  close(valuesOf(encoder("softcap(2)"), 1, 1, { ...table, tokens: [2] }).encoder, [2 * Math.tanh(2.5), 2 * Math.tanh(3)]);
});

test("pool: position 0, the last real token, the first that holds an id, the mean of the real ones", () => {
  const head = (pool: string): string => `model m { encoder { embed: tokens(3, 2) } head classify { ${pool} } }`;
  const given = { ...table, tokens: [1, 2, 0, 2, 0, 1] };
  const of = (pool: string, more = {}): number[] => valuesOf(head(pool), 2, 3, { ...given, ...more })["head:classify"];
  expect(of("pool(first)")).toEqual([3, 4, 5, 6]);
  expect(of("pool(last)", { last: [1, 2] })).toEqual([5, 6, 3, 4]);
  expect(of("pool(first, token: 2)")).toEqual([5, 6, 5, 6]);
  expect(of("pool(first, token: 0)")).toEqual([1, 2, 1, 2]);
  close(of("pool(mean)", { real: [1, 1, 0, 1, 1, 1] }), [4, 5, 3, 4]);
});

test("cross_attention: a query gathers the other stack's real positions", () => {
  const text = `model m {
    encoder { embed: tokens(3, 2) }
    decoder { embed: tokens(3, 2) cross_attention(encoder, 1, bias: off) }
  }`;
  const eye = [1, 0, 0, 1];
  const of = (real: number[], query: number[]): number[] => valuesOf(text, 1, 2, {
    "encoder.embed.tokens.weight": [1, 0, 0, 1, 9, 9], "decoder.embed.tokens.weight": [0, 0, 0, 0, 0, 0], "encoder.tokens": [0, 1], "encoder.real": real, "decoder.tokens": [0, 0],
    "decoder.cross_attention.query.weight": query, "decoder.cross_attention.key.weight": eye, "decoder.cross_attention.value.weight": eye, "decoder.cross_attention.output.weight": eye,
  }).decoder;
  close(of([1, 1], eye), [0.5, 0.5, 0.5, 0.5]);
  close(of([1, 0], eye), [1, 0, 1, 0]);
});

test("cosine: every pair of the batch, whatever the lengths, times the scale", () => {
  const text = `model m {
    encoder a { embed: tokens(2, 2) }
    encoder b { embed: tokens(2, 2) }
    head contrastive { a { pool(first) } b { pool(first) } cosine(logit_scale: 0) }
  }`;
  const scores = valuesOf(text, 2, 1, { "a.embed.tokens.weight": [3, 0, 0, 5], "b.embed.tokens.weight": [2, 0, 1, 1], "a.tokens": [0, 1], "b.tokens": [0, 1], "contrastive.cosine.logit_scale": [Math.log(4)] })["head:contrastive"];
  close(scores, [4, 4 / Math.SQRT2, 0, 4 / Math.SQRT2]);
});

test("tied(bias: buffer): the bias is added, and belongs to no count", () => {
  const text = "model m { encoder { embed: tokens(3, 2) } head mlm { tied(bias: buffer) } }";
  expect(valuesOf(text, 1, 1, { ...table, tokens: [0], "mlm.tied.bias": [100, 200, 300] })["head:mlm"]).toEqual([105, 211, 317]);
});
