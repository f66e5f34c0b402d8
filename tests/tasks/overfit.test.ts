// Every task overfits a few rows on every kind of architecture, and then predicts exactly their right answers.

import { describe, expect, test } from "vitest";
import { overfitted } from "./overfitted.ts";
import { architectures, cases, folderOf, specOf } from "./specs.ts";

describe.each(architectures)("%s", (architecture) => {
  test.each(Object.keys(cases))("%s", async (name) => {
    const { before, after, metrics, answers, references } = await overfitted(specOf(architecture, cases[name]), folderOf(cases[name]), 60);
    expect(after, `from ${before}`).toBeLessThan(0.1 * before);
    expect(metrics.loss).toBeLessThan(0.15 * before);
    if (name === "regress") {
      answers.forEach((answer, i) => expect(Math.abs((answer as number) - (references[i] as number))).toBeLessThan(0.5));
      expect(metrics.pearson).toBeGreaterThan(0.98);
    } else if (name === "answer") {
      expect(answers).toEqual(["Ahab", "whale", "fast", ""]);
      expect(metrics).toMatchObject({ exact_match: 1, squad_f1: 1 });
    } else {
      expect(answers).toEqual(references);
      expect(metrics[name === "tag" ? "tagging_accuracy" : "accuracy"]).toBe(1);
    }
  });
});

test.each(["lora(rank: 4)", "adapter(8)", "bias", "last(1)", "prompt(4)", "head"])("adapt: %s lowers the losses of the whole, of places and of a stretch", async (adapt) => {
  for (const name of ["classify", "tag", "answer"]) {
    const { before, after } = await overfitted(specOf("encoder", cases[name], `adapt: ${adapt}`), folderOf(cases[name]), 60);
    expect(after, `${name} from ${before}`).toBeLessThan(0.9 * before);
  }
});
