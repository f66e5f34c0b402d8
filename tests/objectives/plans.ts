// Objectives as plans hold them, made by hand: next-token prediction for tests of what is below the front end.

import type { PlanObjective } from "../../compiler/objectives/plan.ts";
import type { Batch, Field } from "../../runtime/data/fields.ts";

/** `causal_lm` on one stack of `length` positions. */
export function nextTokens(length: number): PlanObjective {
  return {
    text: "causal_lm",
    entries: [{
      name: "causal_lm", share: 1, layout: "next", frame: { before: [], between: [], after: [], close: [] }, pair: null, task: null, stages: [],
      terms: [{ head: "lm", target: "next", weight: 1 }], lengths: { raw: length + 1, inputs: length, targets: length },
    }],
    lessons: [],
    losses: [{ head: "lm", weight: 1, kind: "tokens", places: null }],
    streams: { inputs: { prefix: "", length, segments: false, placeholders: [] }, targets: null, images: null },
    prefix: false,
  };
}

/** A batch from whole arrays, with one head. */
export function batchOf(examples: number, arrays: Readonly<Record<string, Int32Array | Float32Array>>, head = "lm"): Batch {
  const fields = new Map<string, Field>(Object.entries(arrays).map(([name, data]) => [name, { data, row: data.length / examples, empty: 0 }]));
  const count = arrays[`${head}.weights`].length;
  return { examples, fields, counts: { [head]: count }, bytes: { [head]: count } };
}
