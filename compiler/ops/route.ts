// route: which experts each token goes to, and its pairs (token, expert) in the order of the experts.
// N tokens, E experts, K choices of a token; pair n·K + j is token n's j-th choice. P pairs that can be kept.

import { defineOp, type Tensor, type Tf } from "./define.ts";
import { expect } from "./_shapes.ts";

/** `capacity`: most pairs of one expert; null for all. */
export type RouteAttributes = { readonly top: number; readonly capacity: number | null };

export const route = defineOp({
  name: "route",
  doc: "The top experts of each row of probabilities [N, E], best first, ties to the lower index: choice [N, top]; order [P], the pairs n * top + j sorted by expert and then token, -1 after the last; offsets [E + 1], where each expert's pairs begin. Beyond capacity an expert's pairs are left out, and with a capacity those of tokens that are not real.",
  inputs: ["probabilities", "real?"],
  outputs: ["choice", "order", "offsets"],
  infer({ probabilities, real }, { top, capacity }: RouteAttributes) {
    const [N, E] = probabilities.shape;
    expect(probabilities.shape.length === 2 && top >= 1 && top <= E, `route: the top ${top} of [${probabilities.shape}]`);
    if (real) expect(real.dtype === "int32" && real.shape.length === 1 && real.shape[0] === N, `route: real is [${real.shape}]`);
    const kept = capacity === null ? N * top : Math.min(N * top, E * capacity);
    return [[N, top], [kept], [E + 1]].map((shape) => ({ shape, dtype: "int32" }));
  },
  gradient: () => ({ probabilities: null, real: null }),
  flops: () => 0,
  evaluate({ probabilities, real }, [choice, order, offsets], { top, capacity }, { inputs }) {
    const [N, E] = inputs.probabilities;
    const most = capacity ?? N;
    const counts = new Int32Array(E);
    const taken = new Uint8Array(E);
    /** Place of each pair among its expert's, or -1. */
    const place = new Int32Array(N * top);
    for (let n = 0; n < N; n++) {
      const routed = capacity === null || !real || real[n] !== 0;
      taken.fill(0);
      for (let j = 0; j < top; j++) {
        let best = -1;
        for (let e = 0; e < E; e++) if (!taken[e] && (best < 0 || probabilities[n * E + e] > probabilities[n * E + best])) best = e;
        taken[best] = 1;
        choice[n * top + j] = best;
        place[n * top + j] = routed && counts[best] < most ? counts[best]++ : -1;
      }
    }
    offsets[0] = 0;
    for (let e = 0; e < E; e++) offsets[e + 1] = offsets[e] + counts[e];
    order.fill(-1);
    for (let pair = 0; pair < N * top; pair++) if (place[pair] >= 0) order[offsets[choice[pair]] + place[pair]] = pair;
  },
  lower(tf, { probabilities, real }, { top, capacity }) {
    const [N, E] = probabilities.shape as [number, number];
    const P = capacity === null ? N * top : Math.min(N * top, E * capacity);
    const choice = topOf(tf, probabilities, top);
    const pairs = tf.reshape(tf.oneHot(tf.reshape(choice, [N * top]), E), [N * top, E]);
    const routed = real && capacity !== null ? tf.mul(pairs, tf.reshape(tf.tile(tf.reshape(tf.cast(tf.notEqual(real, 0), "float32"), [N, 1]), [1, top]), [N * top, 1])) : pairs;
    const before = tf.cumsum(routed, 0, true);
    const kept = capacity === null ? routed : tf.mul(routed, tf.cast(tf.less(before, capacity), "float32"));
    const counts = tf.sum(kept, 0);
    const starts = tf.cumsum(counts, 0, true);
    const isKept = tf.sum(kept, 1);
    // A pair that is not kept is written behind the last place, which is cut off.
    const at = tf.add(tf.sum(tf.mul(kept, tf.add(before, starts)), 1), tf.mul(tf.sub(1, isKept), P));
    const numbers = tf.mul(tf.add(tf.range(0, N * top, 1, "float32"), 1), isKept);
    const order = tf.sub(tf.slice(tf.scatterND(tf.reshape(tf.cast(at, "int32"), [N * top, 1]) as never, numbers, [P + 1]), [0], [P]), 1);
    return [choice, tf.cast(order, "int32"), tf.cast(tf.concat([starts, tf.reshape(tf.sum(counts), [1])]), "int32")];
  },
  samples: [
    { title: "top 2 of 4", inputs: { probabilities: { shape: [6, 4], range: [0, 1] } }, attributes: { top: 2, capacity: null } },
    { title: "top 1, an expert without tokens", inputs: { probabilities: { shape: [3, 3], values: [0.1, 0.2, 0.7, 0.6, 0.1, 0.3, 0.2, 0.3, 0.5] } }, attributes: { top: 1, capacity: null } },
    { title: "ties", inputs: { probabilities: { shape: [2, 3], values: [0.3, 0.4, 0.3, 0.25, 0.25, 0.5] } }, attributes: { top: 2, capacity: null } },
    { title: "capacity, padding", inputs: { probabilities: { shape: [5, 2], values: [0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.6, 0.4, 0.1, 0.9] }, real: { shape: [5], dtype: "int32", values: [1, 0, 1, 1, 1] } }, attributes: { top: 1, capacity: 2 } },
    { title: "every expert", inputs: { probabilities: { shape: [4, 2], range: [0, 1] }, real: { shape: [4], dtype: "int32", values: [1, 1, 0, 0] } }, attributes: { top: 2, capacity: null } },
  ],
});

/** One maximum after the other: `tf.topk` does not promise which of equals comes first. */
function topOf(tf: Tf, probabilities: Tensor, top: number): Tensor {
  const [N, E] = probabilities.shape as [number, number];
  const found: Tensor[] = [];
  let left = probabilities;
  for (let j = 0; j < top; j++) {
    const best = tf.cast(tf.argMax(left, 1), "int32");
    found.push(tf.reshape(best, [N, 1]));
    left = tf.sub(left, tf.mul(tf.reshape(tf.oneHot(best as never, E), [N, E]), 4));
  }
  return tf.cast(tf.concat(found, 1), "int32");
}
