// What Adafactor's ops share (Shazeer & Stern 2018): the decay of its means, 1 − t^−decay, and clipping by root mean square.

import { sizeOf, type Shape } from "../graph/node.ts";
import type { Data, Tensor, Tf } from "./define.ts";

/**
 * `decay`: the means' share of the past at step t is 1 − t^−decay. `threshold`: largest root mean square of the direction.
 * `floor` false: `eps` is added to each squared gradient (transformers); true: means are kept from falling below it (torch).
 */
export type AdafactorAttributes = { readonly decay: number; readonly threshold: number; readonly eps: number; readonly floor: boolean };

/** Share of the newest squared gradient in the running means. */
export function freshShare(step: number, { decay }: AdafactorAttributes): number {
  return step ** -decay;
}

/** Scales `direction`, whose squares sum to `squares`, so that its root mean square is at most the threshold. */
export function clipInPlace(direction: Data, squares: number, threshold: number): void {
  const over = Math.sqrt(squares / Math.max(1, direction.length)) / threshold;
  if (over > 1) for (let i = 0; i < direction.length; i++) direction[i] /= over;
}

/** The same in TensorFlow.js. */
export function clipped(tf: Tf, direction: Tensor, threshold: number): Tensor {
  return tf.div(direction, tf.maximum(tf.div(tf.sqrt(tf.mean(tf.square(direction))), threshold), 1));
}

/** A shape of two axes or more as a batch of matrices. */
export function matricesOf(shape: Shape): { readonly batch: number; readonly rows: number; readonly columns: number } {
  return { batch: sizeOf(shape.slice(0, -2)), rows: shape[shape.length - 2], columns: shape[shape.length - 1] };
}
