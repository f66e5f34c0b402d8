// adafactor: Shazeer & Stern 2018, as transformers' `Adafactor` and, with `variant: torch`, as PyTorch's `torch.optim.Adafactor`.
// s ← t^−decay_rate;  v ← (1−s) v + s (g² + ε₁), for matrices by the means of rows and columns;  u ← g / √v, root mean square at most `clip_threshold`;
// a ← size of the step (ops/adafactor_rate.ts);  m ← β1 m + (1−β1) a u where β1 > 0;  p ← p (1 − aλ) − (m or a u)
// torch: ε₁ is a floor of the means instead of an addend, the size is min(rate, 1/√t) · max(ε₂, rms p), and decay is by the rate alone.

import type { Builder } from "../graph/builder-types.ts";
import type { ValueId } from "../graph/node.ts";
import type { AdafactorRateAttributes } from "../ops/adafactor_rate.ts";
import { commonFields, defineOptimizer, numberOf } from "./define.ts";
import type { Arguments } from "./define.ts";

const isTorch = (args: Arguments): boolean => args.variant === "torch";

export const adafactor = defineOptimizer({
  word: "adafactor",
  doc: "Adam with a second moment of one number a row and a column instead of one a weight, and steps in proportion to the weights (Shazeer & Stern 2018).",
  parameters: {
    ...commonFields,
    lr: { ...commonFields.lr, doc: "learning rate, which the schedule scales; not given with `relative_step: on`", required: false },
    variant: { type: { type: "choice", words: { transformers: "as Hugging Face's library, which T5 was trained with", torch: "as PyTorch's" } }, doc: "whose form of the algorithm", default: "transformers" },
    relative_step: { type: { type: "switch" }, doc: "a rate of min(1e-2, 1/√step) instead of `lr`; the schedule scales it", default: "off" },
    warmup_init: { type: { type: "switch" }, doc: "let the relative rate begin at 1e-6 times the step", default: "off" },
    scale_parameter: { type: { type: "switch" }, doc: "scale the rate by the root mean square of the weights", default: "on" },
    eps: { type: { type: "list", of: { type: "number", minimum: 0 }, minimum: 2, maximum: 2 }, doc: "for the squared gradient, and the least root mean square of weights; [1e-30, 1e-3] unless given, with `variant: torch` [1.1920929e-7, 1e-3]" },
    clip_threshold: { type: { type: "number", minimum: 0, exclusive: true }, doc: "largest root mean square of a direction", default: "1" },
    decay_rate: { type: { type: "number", minimum: 0, maximum: 1, exclusive: true }, doc: "the share of the newest squared gradient is step to minus this power", default: "0.8" },
    beta1: { type: { type: "number", minimum: 0, maximum: 1 }, doc: "decay of a running mean of the steps; none is kept at 0", default: "0" },
    weight_decay: { type: { type: "number", minimum: 0 }, doc: "share of a weight that a step at rate 1 removes", default: "0" },
  },
  problem(args) {
    const { relative_step, warmup_init, scale_parameter, beta1, lr } = args;
    const hasRate = typeof lr === "number";
    if (isTorch(args) && (relative_step === true || scale_parameter === false || beta1 !== 0)) return "`variant: torch` has no `relative_step`, no `beta1`, and always scales by the weights";
    if (relative_step === true && hasRate) return "`relative_step: on` finds the rate itself, without `lr`";
    if (relative_step !== true && !hasRate) return "it needs `lr`, or `relative_step: on`";
    if (warmup_init === true && relative_step !== true) return "`warmup_init` needs `relative_step: on`";
    return beta1 === 1 ? "`beta1` must be below 1: at 1 the running mean never moves" : null;
  },
  state(args, shape) {
    const [rows, columns] = [shape.slice(0, -1), [...shape.slice(0, -2), ...shape.slice(-1)]];
    return {
      ...(shape.length < 2 ? { square: { shape, value: 0 } } : { row: { shape: rows, value: 0 }, column: { shape: columns, value: 0 } }),
      ...(numberOf(args, "beta1") > 0 ? { mean: { shape, value: 0 } } : {}),
    };
  },
  update(b, { parameter, gradient, state, rate, step, decay, args }) {
    const torch = isTorch(args);
    const [eps, least] = epsOf(args);
    const attributes = { decay: numberOf(args, "decay_rate"), threshold: numberOf(args, "clip_threshold"), eps, floor: torch };
    const kept: Record<string, ValueId> = {};
    let direction: ValueId;
    if (state.square === undefined) [direction, kept.row, kept.column] = b.adafactor_matrix(gradient, state.row, state.column, step, attributes);
    else [direction, kept.square] = b.adafactor_vector(gradient, state.square, step, attributes);
    const size = b.adafactor_rate(parameter, rate, step, { size: sizeOf(args), scaled: args.scale_parameter === true, eps: least });
    let change = b.multiply(direction, size);
    const beta1 = numberOf(args, "beta1");
    if (beta1 > 0) change = kept.mean = b.add(b.scale(state.mean, { factor: beta1 }), b.scale(change, { factor: 1 - beta1 }));
    const weightDecay = decay ? numberOf(args, "weight_decay") : 0;
    return { parameter: b.subtract(decayed(b, parameter, torch ? rate : size, weightDecay), change), state: kept };
  },
});

/** p (1 − rate λ). */
function decayed(b: Builder, parameter: ValueId, rate: ValueId, weightDecay: number): ValueId {
  return weightDecay === 0 ? parameter : b.multiply(parameter, b.shift(b.scale(rate, { factor: -weightDecay }), { by: 1 }));
}

function sizeOf(args: Arguments): AdafactorRateAttributes["size"] {
  if (isTorch(args)) return "capped";
  if (args.relative_step !== true) return "given";
  return args.warmup_init === true ? "warmup" : "relative";
}

/** PyTorch's default is the distance of 1 to the next float32. */
function epsOf(args: Arguments): readonly [number, number] {
  return (args.eps as readonly [number, number] | null | undefined) ?? [isTorch(args) ? 2 ** -23 : 1e-30, 1e-3];
}
