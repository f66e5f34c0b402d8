// adafactor_rate: the size of Adafactor's step for one parameter (Shazeer & Stern 2018, sections 7 and 8).
// size · scale, scale = max(eps, root mean square of the parameter), or 1 where `scaled` is off; size is the rate (given),
// rate · min(most, 1/√t) with most = 1e-2, or 1e-6 t while warming up (relative, warmup; transformers), or min(rate, 1/√t) (capped; torch).

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expectShape, float } from "./_shapes.ts";
import { stepInputs } from "./_samples.ts";

export type AdafactorRateAttributes = { readonly size: "given" | "relative" | "warmup" | "capped"; readonly scaled: boolean; readonly eps: number };

export const adafactor_rate = defineOp({
  name: "adafactor_rate",
  doc: "The size of Adafactor's step from the rate, the step (1 for the first) and the parameter's root mean square, a scalar.",
  inputs: ["parameter", "rate", "step"],
  outputs: ["y"],
  infer({ rate, step }, _attributes: AdafactorRateAttributes) {
    expectShape("adafactor_rate: rate", rate, []);
    expectShape("adafactor_rate: step", step, []);
    return [float()];
  },
  gradient: "not differentiable",
  flops: ({ parameter }, _, { scaled }) => (scaled ? 2 * sizeOf(parameter.shape) : 0) + 6,
  evaluate({ parameter, rate: [rate], step: [step] }, [y], { size, scaled, eps }) {
    const root = 1 / Math.sqrt(step);
    const sizes = { given: rate, relative: rate * Math.min(1e-2, root), warmup: rate * Math.min(1e-6 * step, root), capped: Math.min(rate, root) };
    let scale = 1;
    if (scaled) {
      let squares = 0;
      for (let i = 0; i < parameter.length; i++) squares += parameter[i] * parameter[i];
      scale = Math.max(eps, Math.sqrt(squares / Math.max(1, parameter.length)));
    }
    y[0] = sizes[size] * scale;
  },
  lower(tf, { parameter, rate, step }, { size, scaled, eps }) {
    const root = tf.rsqrt(step);
    const sizes = {
      given: () => rate,
      relative: () => tf.mul(rate, tf.minimum(root, 1e-2)),
      warmup: () => tf.mul(rate, tf.minimum(root, tf.mul(step, 1e-6))),
      capped: () => tf.minimum(rate, root),
    };
    return [scaled ? tf.mul(sizes[size](), tf.maximum(tf.sqrt(tf.mean(tf.square(parameter))), eps)) : tf.mul(sizes[size](), 1)];
  },
  samples: [sampleOf("given", 3, true), sampleOf("relative", 20_000, true), sampleOf("warmup", 9, false), sampleOf("capped", 4, true), sampleOf("capped", 40_000, false)],
});

function sampleOf(size: AdafactorRateAttributes["size"], at: number, scaled: boolean) {
  const { parameter, rate, step } = stepInputs([3, 5], at);
  return { title: `${size}, step ${at}${scaled ? ", scaled" : ""}`, inputs: { parameter, rate, step }, attributes: { size, scaled, eps: 1e-3 } };
}
