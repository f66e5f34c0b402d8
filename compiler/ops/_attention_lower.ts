// Attention's plain form in TensorFlow.js: materialised scores [B, H, T, S], shared by the op and its gradient.
// Query heads that share a key/value head are stacked as rows: [B·G, R·T, W], R = H / G.

import type { Tensor, Tf } from "./define.ts";
import type { AttentionOptions, AttentionSizes } from "./_attention.ts";
import { analyseMask } from "./_attention_mask.ts";
import { lowerMask, maskTensors } from "./_mask_lower.ts";
import { fillKeep } from "./_keep.ts";

export interface AttentionTensors {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly bias?: Tensor;
  readonly real?: Tensor;
  readonly documents?: Tensor;
  readonly key_documents?: Tensor;
  readonly prefix?: Tensor;
  readonly offset?: Tensor;
  readonly random?: Tensor;
}

/** x [B, T, G·R·W] → [B·G, R·T, W]. */
export function toHeads(tf: Tf, x: Tensor, B: number, T: number, G: number, R: number): Tensor {
  const W = (x.shape[2] as number) / (G * R);
  return tf.reshape(tf.transpose(tf.reshape(x, [B, T, G * R, W]), [0, 2, 1, 3]), [B * G, R * T, W]);
}

/** The inverse of toHeads. */
export function fromHeads(tf: Tf, x: Tensor, B: number, T: number, G: number, R: number): Tensor {
  const W = x.shape[2] as number;
  return tf.reshape(tf.transpose(tf.reshape(x, [B, G * R, T, W]), [0, 2, 1, 3]), [B, T, G * R * W]);
}

/**
 * Scaled scores with bias [B, H, T, S], −1e30 where masked; `allowed` (0 or 1) [B or 1, 1, T, S], null when everything is; and the
 * slope of the softcap [B, H, T, S], null without one.
 */
export function maskedScores(tf: Tf, inputs: AttentionTensors, sizes: AttentionSizes, { scale, mask, softcap }: AttentionOptions): { scores: Tensor; allowed: Tensor | null; slope: Tensor | null } {
  const { B, T, S, H, G } = sizes;
  const products = tf.matMul(toHeads(tf, inputs.query, B, T, G, H / G), toHeads(tf, inputs.key, B, S, G, 1), false, true);
  const scaled = tf.mul(tf.reshape(products, [B, H, T, S]), scale);
  const tangents = softcap ? tf.tanh(tf.div(scaled, softcap)) : null;
  const slope = tangents && tf.sub(1, tf.square(tangents));
  const capped = tangents ? tf.mul(tangents, softcap!) : scaled;
  const scores = inputs.bias ? tf.add(capped, inputs.bias) : capped;
  const { rest, kind, document } = analyseMask(mask);
  const factors: Tensor[] = [];
  // Documents are a factor of their own, unless they stand under `|` or `not`.
  const at = maskTensors(tf, T, S, inputs);
  if (kind.class !== "full") factors.push(lowerMask(tf, rest ?? mask, at));
  if (inputs.real) factors.push(tf.reshape(tf.cast(inputs.real, "float32"), [B, 1, 1, S]));
  if (rest && document && at.sameDocument) factors.push(at.sameDocument);
  if (factors.length === 0) return { scores, allowed: null, slope };
  const allowed = factors.reduce((all, factor) => tf.mul(all, factor));
  return { scores: tf.add(tf.mul(scores, allowed), tf.mul(tf.sub(allowed, 1), 1e30)), allowed, slope };
}

/** Dropout factors of the probabilities [B, H, T, S]; null without dropout. */
export function keepFactors(tf: Tf, random: Tensor | undefined, { B, T, S, H }: AttentionSizes, { dropout, site }: AttentionOptions): Tensor | null {
  if (dropout === 0 || !random) return null;
  const size = H * T * S;
  const factors = new Float32Array(B * size);
  const words = random.dataSync();
  for (let b = 0; b < B; b++) fillKeep(factors.subarray(b * size, (b + 1) * size), size, 0, b, words, dropout, site);
  return tf.tensor(factors, [B, H, T, S]);
}
