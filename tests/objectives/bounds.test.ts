// No example of any objective is longer than the plan's fields, however its noise falls: the static lengths are bounds, and tight ones.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { architectures, codesOf, objectiveNames, sampleSpec, type Architecture } from "../../compiler/objectives/table.ts";
import { randomStream } from "../../compiler/random.ts";
import { catalog } from "../../runtime/catalog.ts";
import { emptyFields } from "../../runtime/data/fields.ts";
import { rowWriter } from "../../runtime/data/row.ts";
import { makeExample } from "../../runtime/objectives/example.ts";
import { planOf } from "../harness/compiling.ts";
import { vocabulary } from "./words.ts";

const special = ["pad", "unk", "cls", "sep", "mask", "bos", "eos", "r_mode", "s_mode", "x_mode"];
const facts = vocabulary(Object.fromEntries(special.map((name, i) => [name, 100 + i])), Array.from({ length: 30 }, (_, i) => 110 + i), 140);
const masks: Readonly<Record<Architecture, string>> = { encoder: "full", decoder: "causal", encoder_decoder: "causal", two_towers: "causal" };
const more = ["masked(40%) + nsp", "mixture(span_corruption(50%, span: 1), infilling(60%), prefix_lm)", "span_corruption + nsp", "bert_style + nsp", "bart + 0.5 * sop", "masked + causal_lm"];

describe.each(architectures.filter((one) => one !== "two_towers"))("%s", (architecture) => {
  for (const objective of [...objectiveNames(catalog), ...more]) {
    const text = sampleSpec(architecture, objective, masks[architecture]);
    if (objective === "causal_lm" || codesOf(text, catalog).length > 0) continue;
    test(objective, () => {
      const plan = planOf(text);
      for (const entry of plan.objective.entries) {
        const made = (size: number, seed: number) => {
          const random = randomStream(seed, "text");
          const ids = Array.from({ length: size }, () => random.below(100));
          const cut = entry.pair === null ? size : random.below(size + 1);
          const raw = { ids: ids.slice(0, cut), sentences: ids.map((_, i) => (i % 4 === 0 ? 1 : 0)).slice(0, cut), pair: entry.pair === null ? null : { ids: ids.slice(cut), label: 0 } };
          return makeExample(entry, raw, facts, (purpose) => randomStream(seed, purpose));
        };
        fc.assert(fc.property(fc.integer({ min: 0, max: entry.lengths.raw }), fc.nat(), (size, seed) => {
          const example = made(size, seed);
          expect(example.segments.length).toBe(example.inputs.length);
          // It throws where a value has no place.
          rowWriter(plan.objective, emptyFields(plan.objective, 1, false, 100), 0).example(entry, example);
          expect(example.inputs.length).toBeLessThanOrEqual(entry.lengths.inputs);
          expect(example.targets.length).toBeLessThanOrEqual(entry.lengths.targets);
        }), { numRuns: 100, examples: [[entry.lengths.raw, 1], [entry.lengths.raw, 2], [0, 1], [1, 1]] });
        // Lengths of Poisson stretches all being 1 is the worst case, and rare.
        const longest = Math.max(...Array.from({ length: 200 }, (_, seed) => made(entry.lengths.raw, seed).inputs.length));
        if (!JSON.stringify(entry.stages).includes("poisson")) expect(longest, "the bound is far from what happens").toBeGreaterThanOrEqual(entry.lengths.inputs - 3);
      }
    });
  }
});
