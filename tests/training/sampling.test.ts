import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { randomStream } from "../../compiler/random.ts";
import { chooseToken, filteredProbabilities } from "../../runtime/training/sampling.ts";
import type { SamplingSettings } from "../../runtime/training/sampling.ts";

const goldens = process.env.PT_GOLDENS ?? new URL("../../../shared/goldens", import.meta.url).pathname;
const file = join(goldens, "generation/sampling_filters.json");

interface Filter { readonly logits: (number | null)[]; readonly logits_name: string; readonly settings: SamplingSettings; readonly probabilities: number[]; readonly float32_and_float64_agree: boolean }

test.skipIf(!existsSync(file))(`filters as in transformers (skipped without ${file})`, () => {
  const { filters } = JSON.parse(readFileSync(file, "utf8")) as { filters: Filter[] };
  for (const { logits, logits_name, settings, probabilities, float32_and_float64_agree } of filters) {
    // The other cases cut on a rounding tie of float32.
    if (!float32_and_float64_agree) continue;
    const actual = filteredProbabilities(logits.map((logit) => logit ?? -Infinity), settings);
    const name = `${logits_name} ${JSON.stringify(settings)}`;
    expect(actual.map((p) => Number(p > 0)), name).toEqual(Float64Array.from(probabilities, (p) => Number(p > 0)));
    actual.forEach((p, i) => expect(Math.abs(p - probabilities[i]), name).toBeLessThan(1e-9));
  }
});

test("ties at the k-th stay, temperature 0 takes the lowest of the largest", () => {
  expect([...filteredProbabilities([1, 3, 3, 3, 0], { top_k: 2 })].map((p) => p > 0)).toEqual([false, true, true, true, false]);
  expect(chooseToken([1, 3, 3], { temperature: 0 }, randomStream(1, "sample"))).toBe(1);
});

test("draws follow the probabilities and repeat with the seed", () => {
  const logits = [0, Math.log(2), Math.log(5)];
  const random = randomStream(9, "sample");
  const counts = [0, 0, 0];
  for (let n = 0; n < 8000; n++) counts[chooseToken(logits, {}, random)]++;
  counts.forEach((count, i) => expect(count / 8000).toBeCloseTo([1, 2, 5][i] / 8, 1));
  expect(chooseToken(logits, {}, randomStream(4, "sample", 3))).toBe(chooseToken(logits, {}, randomStream(4, "sample", 3)));
});
