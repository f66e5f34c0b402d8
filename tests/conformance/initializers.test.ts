// Every initializer: the shape of its record, every element filled, the same for the same seed and name; then each by its numbers.

import { describe, expect, it } from "vitest";
import { initializerStream } from "../../compiler/initializers/define.ts";
import type { InitializerDefinition } from "../../compiler/initializers/define.ts";
import { initializers } from "../../compiler/initializers/index.ts";

const all: readonly (readonly [string, InitializerDefinition])[] = Object.entries(initializers);

function fill(initializer: InitializerDefinition, args: Record<string, number>, name = "a.weight", size = 1001, seed = 17): Float32Array {
  const out = new Float32Array(size).fill(Number.NaN);
  initializer.fill(out, initializerStream(seed, name), [size], args);
  return out;
}

describe.each(all)("%s", (word, initializer) => {
  const args = Object.fromEntries(Object.keys(initializer.parameters).map((name) => [name, 0.25]));

  it("has its word and a doc", () => {
    expect(initializer.word).toBe(word);
    expect(initializer.doc).toMatch(/\.$/);
  });

  it("fills every element, of odd and empty sizes too", () => {
    expect(fill(initializer, args).every(Number.isFinite)).toBe(true);
    expect(fill(initializer, args, "a", 0)).toHaveLength(0);
  });

  it("depends on seed and name alone", () => {
    expect(fill(initializer, args)).toEqual(fill(initializer, args));
    const random = ["normal", "uniform"].includes(word);
    expect(fill(initializer, args, "b.weight").join() !== fill(initializer, args).join()).toBe(random);
    expect(fill(initializer, args, "a.weight", 1001, 18).join() !== fill(initializer, args).join()).toBe(random);
  });
});

const moments = (list: Float32Array): [number, number] => {
  const mean = list.reduce((sum, x) => sum + x, 0) / list.length;
  return [mean, Math.sqrt(list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / list.length)];
};

it("zeros, ones and constant fill one number", () => {
  expect(new Set(fill(initializers.zeros, {}))).toEqual(new Set([0]));
  expect(new Set(fill(initializers.ones, {}))).toEqual(new Set([1]));
  expect(new Set(fill(initializers.constant, { value: 2.5 }))).toEqual(new Set([2.5]));
});

it("normal has its deviation and its tails", () => {
  const list = fill(initializers.normal, { deviation: 0.02 }, "w", 100_000);
  const [mean, deviation] = moments(list);
  expect(Math.abs(mean)).toBeLessThan(4 * 0.02 / Math.sqrt(100_000));
  expect(deviation).toBeCloseTo(0.02, 3);
  const within = list.filter((x) => Math.abs(x) < 0.02).length / list.length;
  expect(within).toBeCloseTo(0.6827, 2);
  // The two halves of a Box–Muller pair are independent.
  let product = 0;
  for (let i = 0; i < list.length; i += 2) product += list[i] * list[i + 1];
  expect(Math.abs(product / (list.length / 2) / 0.02 ** 2)).toBeLessThan(0.02);
});

it("uniform stays within its limit", () => {
  const list = fill(initializers.uniform, { limit: 0.5 }, "w", 100_000);
  const [mean, deviation] = moments(list);
  expect(list.every((x) => x >= -0.5 && x < 0.5)).toBe(true);
  expect(Math.abs(mean)).toBeLessThan(0.005);
  expect(deviation).toBeCloseTo(0.5 / Math.sqrt(3), 2);
});
