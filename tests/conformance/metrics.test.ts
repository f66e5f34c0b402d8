// Every metric: its record, its best value for predictions that are right, no value or number but in words, and options that are checked.

import { describe, expect, test } from "vitest";
import { callWord } from "../../compiler/word-call.ts";
import { catalog } from "../../runtime/catalog.ts";
import type { AnyMetric, Kind, MetricDefinition } from "../../runtime/metrics/define.ts";
import { forms } from "../../runtime/metrics/_forms.ts";
import { heldOutMetrics } from "../../runtime/metrics/_held-out.ts";
import { metrics } from "../../runtime/metrics/index.ts";
import { outcomeOf } from "../metrics/score.ts";

const all = Object.entries(metrics as { readonly [word: string]: AnyMetric }) as [string, MetricDefinition][];

/** By kind: right and wrong predictions for the same references, as they stand in JSON. */
const samples: { readonly [K in Kind]: { readonly right: readonly unknown[]; readonly wrong: readonly unknown[]; readonly references: readonly unknown[] } } = {
  losses: { right: [[0.1, null, 0.2]], wrong: [[3, null, 4]], references: ["two words"] },
  labels: { right: [1, 0, 1, 0], wrong: [0, 1, 0, 1], references: [1, 0, 1, 0] },
  numbers: { right: [1, 2, 4], wrong: [4, 2, 1], references: [1, 2, 4] },
  texts: { right: ["one two three four five"], wrong: ["six seven"], references: [["one two three four five", "none"]] },
  tags: { right: [["B-A", "I-A", "O"]], wrong: [["O", "B-A", "B-B"]], references: [["B-A", "I-A", "O"]] },
  rewards: { right: [1, 2], wrong: [-1, 0.5], references: [0, 1] },
  scores: { right: [[0.1, 0.9, 0.3]], wrong: [[0.1, 0.2, 0.3]], references: [1] },
};

describe.each(all)("%s", (word, metric) => {
  const { right, wrong, references } = samples[metric.from];
  const valueOf = (predictions: readonly unknown[]): number => {
    const outcome = outcomeOf(word, predictions, references);
    expect(outcome).not.toHaveProperty("problem");
    return (outcome as { value: number }).value;
  };

  test("its record", () => {
    expect(metric.word).toBe(word);
    expect(metric.doc).toMatch(/^[^.]+(\.\d[^.]*)*$/);
    expect(metric.formula).not.toBe("");
    for (const field of Object.values(metric.parameters)) expect(field.default).toBeDefined();
    expect(catalog.metrics[word]).toMatchObject({ from: metric.from, better: metric.better });
  });

  test("is better for what is right", () => {
    const [good, bad] = [valueOf(right), valueOf(wrong)];
    expect(metric.better === "higher" ? good - bad : bad - good).toBeGreaterThan(0);
    if (metric.from !== "losses") expect(good).toBeCloseTo(word === "bleu" ? 100 : metric.better === "higher" ? 1 : 0, 10);
  });

  test("does not change its arguments, and gives the same again", () => {
    const before = structuredClone([right, references]);
    expect(valueOf(right)).toBe(valueOf(right));
    expect([right, references]).toEqual(before);
  });

  test("refuses an option that it does not have", () => {
    const called = callWord(`${word}(no_such: 1)`, "metric", catalog, "METRIC");
    expect("diagnostics" in called && called.diagnostics.map((one) => one.code)).toEqual(["PT3007"]);
  });

  test("every word of a choice among its options gives a number, or says why not", () => {
    for (const [name, { type }] of Object.entries(metric.parameters)) {
      const words = type.type === "choice" ? Object.keys(type.words) : type.type === "switch" ? ["on", "off"] : [];
      for (const choice of words) {
        const outcome = outcomeOf(`${word}(${name}: ${choice})`, right, references);
        expect(outcome).not.toHaveProperty("problem");
        expect(Number.isFinite((outcome as { value: number }).value), choice).toBe(true);
      }
    }
  });
});

test("held-out losses give those of losses, and no others", () => {
  expect(Object.keys(heldOutMetrics).sort()).toEqual(all.filter(([, metric]) => metric.from === "losses").map(([word]) => word).sort());
});

describe.each(Object.entries(forms))("items of kind %s", (kind, { prediction, reference }) => {
  const { right, references } = samples[kind as Kind];
  test("take what fits, and nothing else", () => {
    for (const item of right) expect(prediction.read(item)).toBeDefined();
    for (const item of references) expect(reference.read(item)).toBeDefined();
    for (const item of [null, {}, undefined, [{}], Number.NaN, [[]]]) {
      expect(prediction.read(item)).toBeUndefined();
      expect(reference.read(item)).toBeUndefined();
    }
  });
});
