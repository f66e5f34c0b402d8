// lora(rank): y = x Wᵀ + scale · (x Aᵀ) Bᵀ with W frozen, A [rank, in], B [out, rank], scale = alpha / rank (Hu et al. 2021).
// A is drawn as loralib and PEFT do, uniform to 1/√in (Kaiming with a = √5); B starts at 0, so the model starts as it was.

import { noSuchMap } from "../../grammar/diagnostics/PT5080-no-such-map.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import type { WeightSpec } from "../layers/define.ts";
import { defineAdaptation, type Arguments, type Weights } from "./define.ts";

export const lora = defineAdaptation({
  word: "lora",
  doc: "Beside linear maps stands the product of two narrow matrices, `NAME.lora_a` and `NAME.lora_b`, which alone are trained (Hu et al. 2021). Heads that pretraining has (`lm`, `mlm`, …) stay as they are unless they are targets; a task's own head is trained whole.",
  parameters: {
    rank: { type: { type: "integer", minimum: 1 }, doc: "features between the two matrices", positional: true, default: "8" },
    alpha: { type: { type: "number", minimum: 0, exclusive: true }, doc: "their product counts alpha / rank times; the paper sets alpha to the first rank tried", default: "rank" },
    targets: { type: { type: "list", of: { type: "name", what: "linear map" }, minimum: 1 }, doc: "maps by the last part of their weights' names: `query`, `key`, `value`, `output`, `gate`, `up`, `down`, `router`; a `dense` by its own name", default: "[query, value]" },
    dropout: { type: { type: "rate" }, doc: "of what goes into the narrow matrices, in training", default: "0" },
  },
  check: (args, { maps }, report) => {
    for (const target of targetsOf(args)) if (!maps.includes(target)) report(noSuchMap, { target, maps, suggestion: didYouMean(target, maps) }, "targets");
  },
  trains: () => false,
  beside: (args, map) => {
    if (!targetsOf(args).includes(map.name)) return null;
    const [rank, alpha] = [args.rank as number, args.alpha as number];
    const stem = map.leaf.slice(0, -"weight".length);
    const [a, b] = [`${stem}lora_a`, `${stem}lora_b`];
    const [down, up]: WeightSpec[] = [
      { shape: [rank, map.in], initializer: { word: "uniform", arguments: { limit: 1 / Math.sqrt(map.in) } }, decay: true },
      { shape: [map.out, rank], initializer: { word: "zeros", arguments: {} }, decay: true },
    ];
    return { update: { a, b, scale: alpha / rank, dropout: args.dropout as number }, weights: { [a]: down, [b]: up } };
  },
  merge: (args, weights) => {
    const result = new Map(weights);
    for (const [name, A] of weights) {
      if (!name.endsWith(".lora_a")) continue;
      const stem = name.slice(0, -"lora_a".length);
      const [weight, B] = [weights.get(`${stem}weight`)!, weights.get(`${stem}lora_b`)!];
      result.set(`${stem}weight`, { ...weight, data: withUpdate(weight.data, A, B, (args.alpha as number) / (args.rank as number)) });
      for (const leaf of ["lora_a", "lora_b"]) result.delete(stem + leaf);
    }
    return result;
  },
});

type Weight = Weights extends ReadonlyMap<string, infer W> ? W : never;

/** W [O, I] + scale · B [O, R] A [R, I] in float64, rounded once. */
function withUpdate(weight: Float32Array, { data: A, shape: [R, I] }: Weight, { data: B, shape: [O] }: Weight, scale: number): Float32Array {
  const sum = new Float32Array(O * I);
  const row = new Float64Array(I);
  for (let o = 0; o < O; o++) {
    row.fill(0);
    for (let r = 0; r < R; r++) for (let i = 0; i < I; i++) row[i] += B[o * R + r] * A[r * I + i];
    for (let i = 0; i < I; i++) sum[o * I + i] = weight[o * I + i] + scale * row[i];
  }
  return sum;
}

const targetsOf = (args: Arguments): readonly string[] => args.targets as readonly string[];
