// rope: rotary positions (Su et al. 2021) on the half-split layout: the pair (x_i, x_{i + W/2}) of each head turns by
// angle = position / theta^(2i/W); y_i = x_i cos − x_{i+W/2} sin, y_{i+W/2} = x_{i+W/2} cos + x_i sin. `inverse` turns back.
// B batch, T positions, H heads, W width of a head.

import { sizeOf } from "../graph/node.ts";
import { defineOp, type Tensor, type Tf } from "./define.ts";
import { expect, expectShape, float } from "./_shapes.ts";

export type RopeAttributes = { readonly heads: number; readonly theta: number; readonly inverse: boolean };

export const rope = defineOp({
  name: "rope",
  doc: "Rotates the pairs (i, i + W/2) of each head of x [B, T, H*W] by position / theta^(2i/W); inverse rotates back.",
  inputs: ["x", "positions"],
  outputs: ["y"],
  infer({ x, positions }, { heads }: RopeAttributes) {
    expect(x.shape.length === 3 && x.shape[2] % (2 * heads) === 0, `rope: ${heads} heads of even width in [${x.shape}]`);
    expectShape("rope: positions", positions, x.shape.slice(0, 2));
    return [float(...x.shape)];
  },
  gradient: (b, { inputs: { positions }, attributes }, [dy]) => ({ x: dy === null ? null : b.rope(dy, positions, { ...attributes, inverse: !attributes.inverse }), positions: null }),
  flops: ({ x }) => 3 * sizeOf(x.shape),
  evaluate({ x, positions }, [y], { heads, theta, inverse }, { inputs }) {
    const [B, T, D] = inputs.x;
    const W = D / heads;
    const half = W / 2;
    const frequencies = frequenciesOf(theta, W);
    const cos = new Float64Array(half);
    const sin = new Float64Array(half);
    let known = Number.NaN;
    // Examples of a batch mostly stand at the same positions: batch innermost turns each angle once.
    for (let t = 0; t < T; t++) {
      for (let b = 0; b < B; b++) {
        const position = positions[b * T + t];
        if (position !== known) {
          known = position;
          for (let i = 0; i < half; i++) {
            cos[i] = Math.cos(position * frequencies[i]);
            sin[i] = inverse ? -Math.sin(position * frequencies[i]) : Math.sin(position * frequencies[i]);
          }
        }
        const end = (b * T + t + 1) * D;
        for (let at = end - D; at < end; at += W) {
          for (let i = 0; i < half; i++) {
            const first = x[at + i];
            const second = x[at + half + i];
            y[at + i] = first * cos[i] - second * sin[i];
            y[at + half + i] = second * cos[i] + first * sin[i];
          }
        }
      }
    }
  },
  lower(tf, { x, positions }, { heads, theta, inverse }) {
    const [B, T, D] = x.shape as [number, number, number];
    const W = D / heads;
    const half = W / 2;
    const { cos, sin } = turns(tf, tf.cast(positions, "int32"), theta, W);
    const c = tf.reshape(cos, [B, T, 1, half]);
    const s = tf.reshape(inverse ? tf.neg(sin) : sin, [B, T, 1, half]);
    const split = tf.reshape(x, [B, T, heads, W]);
    const first = tf.slice(split, [0, 0, 0, 0], [B, T, heads, half]);
    const second = tf.slice(split, [0, 0, 0, half], [B, T, heads, half]);
    const turned = tf.concat([tf.sub(tf.mul(first, c), tf.mul(second, s)), tf.add(tf.mul(second, c), tf.mul(first, s))], 3);
    return [tf.reshape(turned, [B, T, D])];
  },
  samples: [
    { title: "positions in order", inputs: { x: { shape: [2, 3, 8] }, positions: { shape: [2, 3], dtype: "int32", values: [0, 1, 2, 0, 1, 2] } }, attributes: { heads: 2, theta: 10000, inverse: false } },
    { title: "other positions by example", inputs: { x: { shape: [2, 3, 12] }, positions: { shape: [2, 3], dtype: "int32", range: [0, 20] } }, attributes: { heads: 2, theta: 500, inverse: false } },
    { title: "far positions", inputs: { x: { shape: [1, 6, 4] }, positions: { shape: [1, 6], dtype: "int32", values: [63, 64, 4095, 4096, 100000, 262143] } }, attributes: { heads: 1, theta: 10000, inverse: false } },
    { title: "inverse, pairs of one", inputs: { x: { shape: [1, 4, 6] }, positions: { shape: [1, 4], dtype: "int32", values: [3, 4, 5, 6] } }, attributes: { heads: 3, theta: 10000, inverse: true } },
  ],
});

export function frequenciesOf(theta: number, W: number): Float64Array {
  return Float64Array.from({ length: W / 2 }, (_, i) => theta ** ((-2 * i) / W));
}

/** A position is three digits of this base: up to 262,143. */
const base = 64;

/**
 * cos and sin of position · frequency, [B, T, W / 2]: from a table for each digit of the position, by the sum of angles.
 * A float32 angle would be off by 6e-8 · position, and a GPU's own sine by more.
 */
function turns(tf: Tf, positions: Tensor, theta: number, W: number): { cos: Tensor; sin: Tensor } {
  const frequencies = frequenciesOf(theta, W);
  const half = frequencies.length;
  const over = (x: Tensor): Tensor => tf.cast(tf.floor(tf.mul(tf.cast(x, "float32"), 1 / base)), "int32");
  const looked = (of: (angle: number) => number, step: number, digit: Tensor): Tensor =>
    tf.gather(tf.tensor(Float32Array.from({ length: base * half }, (_, i) => of(Math.floor(i / half) * step * frequencies[i % half])), [base, half]), digit);
  const [tens, hundreds] = [over(positions), over(over(positions))];
  const digits = [positions, tens].map((x, i) => tf.sub(x, tf.mul([tens, hundreds][i], tf.scalar(base, "int32")))).concat(hundreds);
  return digits
    .map((digit, i) => ({ cos: looked(Math.cos, base ** i, digit), sin: looked(Math.sin, base ** i, digit) }))
    .reduce((a, b) => ({ cos: tf.sub(tf.mul(a.cos, b.cos), tf.mul(a.sin, b.sin)), sin: tf.add(tf.mul(a.sin, b.cos), tf.mul(a.cos, b.sin)) }));
}
