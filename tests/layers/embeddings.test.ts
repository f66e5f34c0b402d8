// Embeddings with weights made by hand: segments, patches, class_token, positions that count real tokens, sinusoids.

import { expect, test } from "vitest";
import { valuesOf } from "../harness/model-values.ts";

const table = { "encoder.embed.tokens.weight": [0, 0, 10, 20, 30, 40] };

test("segments: the row of each token's segment is added; without segments it is row 0", () => {
  const text = "model m { encoder { embed: tokens(3, 2) + segments(2) } }";
  const weights = { ...table, "encoder.embed.segments.weight": [1, 2, 3, 4] };
  expect(valuesOf(text, 1, 2, { ...weights, tokens: [1, 2], segments: [0, 1] }).encoder).toEqual([11, 22, 33, 44]);
  expect(valuesOf(text, 1, 2, { ...weights, tokens: [1, 2] }).encoder).toEqual([11, 22, 31, 42]);
});

test("learned_positions(count: real): padding reads the row before the first and real tokens count from it on", () => {
  const text = "model m { encoder { embed: tokens(3, 2) + learned_positions(4, offset: 2, count: real) } }";
  const weights = { ...table, "encoder.embed.learned_positions.weight": [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5] };
  // Rows 0 and 1 stand before position 0; padding is row 1.
  expect(valuesOf(text, 1, 4, { ...weights, tokens: [0, 0, 0, 0], real: [0, 1, 1, 0] }).encoder).toEqual([1, 1, 2, 2, 3, 3, 1, 1]);
});

test("sinusoidal_positions: sines and cosines in turn", () => {
  const text = "model m { encoder { embed: tokens(3, 4) + sinusoidal_positions } }";
  const values = valuesOf(text, 1, 2, { tokens: [0, 0] }).encoder;
  expect(values.slice(0, 4)).toEqual([0, 1, 0, 1]);
  [Math.sin(1), Math.cos(1), Math.sin(0.01), Math.cos(0.01)].forEach((value, i) => expect(values[4 + i]).toBeCloseTo(value, 12));
});

test("patches: squares row by row, channels first, as a convolution of that stride; what is left over is not seen", () => {
  const text = "model m { encoder { embed: patches(1, size: 2, channels: 1) } }";
  // Pixels of a 3 by 5 image are 1 to 15; the weight reads the top left pixel and ten times the bottom right one.
  const pixels = Array.from({ length: 15 }, (_, i) => i + 1);
  expect(valuesOf(text, 1, 1, { pixels, "encoder.embed.patches.weight": [1, 0, 0, 10], "encoder.embed.patches.bias": [0.5] }, { height: 3, width: 5 }).encoder).toEqual([1 + 70 + 0.5, 3 + 90 + 0.5]);
  const two = "model m { encoder { embed: patches(1, size: 1, channels: 2, bias: off) } }";
  expect(valuesOf(two, 1, 1, { pixels: [1, 2, 3, 4], "encoder.embed.patches.weight": [1, 100] }, { height: 1, width: 2 }).encoder).toEqual([301, 402]);
});

test("class_token: one learned vector first, before positions are added", () => {
  const text = "model m { encoder { embed: class_token(patches(1, size: 1, channels: 1, bias: off)) + learned_positions(3) } }";
  const weights = { "encoder.embed.patches.weight": [2], "encoder.embed.class_token.weight": [7], "encoder.embed.learned_positions.weight": [100, 200, 300] };
  expect(valuesOf(text, 2, 1, { ...weights, pixels: [1, 2, 3, 4] }, { height: 1, width: 2 }).encoder).toEqual([107, 202, 304, 107, 206, 308]);
});
