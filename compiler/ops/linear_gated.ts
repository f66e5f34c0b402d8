// linear_gated: y = f(g) · u of g = x Wgᵀ + bg and u = x Wuᵀ + bu, the inside of a gated mlp (Shazeer 2020, "GLU variants improve
// Transformer"), and what the backward pass multiplies by: dy/dg = f'(g) · u and dy/du = f(g).

import { sizeOf } from "../graph/node.ts";
import { activationOf, plainActivations } from "./_activation.ts";
import { defineOp } from "./define.ts";
import { linear } from "./linear.ts";
import { expectShape } from "./_shapes.ts";

export type LinearGatedAttributes = { readonly activation: string };

export const linear_gated = defineOp({
  name: "linear_gated",
  doc: "An activation of linear of x [..., I] with gate [O, I] and gate_bias [O], times linear of x with up [O, I] and up_bias [O]: [..., O]; also its derivatives by both.",
  inputs: ["x", "gate", "up", "gate_bias?", "up_bias?"],
  products: ["x", "gate", "up"],
  outputs: ["y", "gate_slope", "up_slope"],
  infer({ x, gate, up, gate_bias, up_bias }, { activation }: LinearGatedAttributes) {
    activationOf(activation);
    expectShape("linear_gated: up", up, gate.shape);
    const [y] = linear.infer({ x, weight: gate, bias: gate_bias }, {});
    linear.infer({ x, weight: up, bias: up_bias }, {});
    return [y, y, y];
  },
  /** Nothing flows back through the slopes. */
  gradient(b, { inputs: { x, gate, up, gate_bias, up_bias }, outputs: [, gate_slope, up_slope] }, [dy]) {
    if (dy === null) return { x: null, gate: null, up: null, gate_bias: null, up_bias: null };
    const [dg, du] = [b.multiply(dy, gate_slope), b.multiply(dy, up_slope)];
    const across = { transpose_x: true, transpose_y: false };
    const sumOf = (dz: typeof dg, bias: typeof gate_bias) => (bias === undefined ? null : b.sum_to(dz, { shape: b.info(bias).shape }));
    return {
      x: b.matmul_add(du, up, b.matmul(dg, gate, { transpose_x: false, transpose_y: false }), { transpose_x: false, transpose_y: false }),
      gate: b.matmul(dg, x, across),
      up: b.matmul(du, x, across),
      gate_bias: sumOf(dg, gate_bias),
      up_bias: sumOf(du, up_bias),
    };
  },
  flops: ({ gate, gate_bias, up_bias }, [y], { activation }) => sizeOf(y.shape) * (4 * gate.shape[1] + (gate_bias ? 1 : 0) + (up_bias ? 1 : 0) + 2 * activationOf(activation).flops + 2),
  evaluate({ x, gate, up, gate_bias, up_bias }, [y, gate_slope, up_slope], { activation }, { inputs, outputs: [shape] }) {
    const { evaluate, derivative } = activationOf(activation);
    linear.evaluate({ x, weight: gate, bias: gate_bias }, [up_slope], {}, { inputs: { x: inputs.x, weight: inputs.gate }, outputs: [shape] });
    linear.evaluate({ x, weight: up, bias: up_bias }, [gate_slope], {}, { inputs: { x: inputs.x, weight: inputs.up }, outputs: [shape] });
    for (let i = 0; i < y.length; i++) {
      const [g, u] = [up_slope[i], gate_slope[i]];
      up_slope[i] = evaluate(g);
      gate_slope[i] = derivative(g) * u;
      y[i] = up_slope[i] * u;
    }
  },
  lower(tf, { x, gate, up, gate_bias, up_bias }, { activation }) {
    const [g] = linear_lower(tf, { x, weight: gate, bias: gate_bias }, {});
    const [u] = linear_lower(tf, { x, weight: up, bias: up_bias }, {});
    const { lower, lower_derivative } = activationOf(activation);
    const active = lower(tf, g);
    return [tf.mul(active, u), tf.mul(lower_derivative(tf, g), u), active];
  },
  samples: [
    ...plainActivations.map((activation) => ({ title: activation, inputs: { x: { shape: [2, 3, 5] }, gate: { shape: [7, 5] }, up: { shape: [7, 5] }, gate_bias: { shape: [7] }, up_bias: { shape: [7] } }, attributes: { activation } })),
    { title: "without biases", inputs: { x: { shape: [4, 3] }, gate: { shape: [6, 3] }, up: { shape: [6, 3] } }, attributes: { activation: "silu" } },
    { title: "many rows, one bias", inputs: { x: { shape: [19, 3] }, gate: { shape: [50, 3] }, up: { shape: [50, 3] }, up_bias: { shape: [50] } }, attributes: { activation: "gelu" } },
    { title: "empty batch", inputs: { x: { shape: [0, 3] }, gate: { shape: [2, 3] }, up: { shape: [2, 3] }, gate_bias: { shape: [2] }, up_bias: { shape: [2] } }, attributes: { activation: "silu" } },
  ],
});

const linear_lower = linear.lower as Exclude<typeof linear.lower, "evaluate">;
