// The inputs of a forward graph, from what a user of the model gives, under the names that transformers has for them.
// What a graph takes beyond these is an input of the model under its own name.

import type { ValueInfo } from "../../../compiler/graph/node.ts";
import type { Tensor } from "../../../compiler/ops/define.ts";
import type { Tracing } from "./trace.ts";

export interface FeedContext {
  readonly tracing: Tracing;
  /** Inputs of the model by name, made on first use. */
  readonly input: (name: string, info: ValueInfo) => Tensor;
  /** What stands before the names of this stack's inputs: `decoder_` for the decoder of an encoder-decoder. */
  readonly prefix: string;
  readonly batch: number;
  /** Positions of this stack. */
  readonly length: number;
  /** The id of what `last` passes over; null where the attention mask says it. */
  readonly padding: number | null;
}

const tokens = (c: FeedContext): Tensor => c.input(`${c.prefix}input_ids`, { shape: [c.batch, c.length], dtype: "int32" });
const real = (c: FeedContext): Tensor => c.input(`${c.prefix}attention_mask`, { shape: [c.batch, c.length], dtype: "int32" });

/** By the field of a stack, as `streamInput` names it. */
const feeds: { readonly [field: string]: (context: FeedContext, info: ValueInfo) => Tensor } = {
  tokens,
  real,
  segments: ({ input, prefix }, info) => input(`${prefix}token_type_ids`, info),
  pixels: ({ input }, info) => input("pixel_values", info),
  positions: ({ tracing: { tf }, batch, length }) => tf.tile(tf.reshape(tf.range(0, length, 1, "int32"), [1, length]), [batch, 1]),
  /** The largest position that is not padding, 0 where all is. */
  last(c) {
    const { tf } = c.tracing;
    const kept_BT = c.padding === null ? real(c) : tf.cast(tf.notEqual(tokens(c), tf.scalar(c.padding, "int32")), "int32");
    return tf.max(tf.mul(kept_BT, tf.reshape(tf.range(0, c.length, 1, "int32"), [1, c.length])), 1);
  },
};

export function feedOf(field: string, info: ValueInfo, context: FeedContext): Tensor {
  return Object.hasOwn(feeds, field) ? feeds[field](context, info) : context.input(field, info);
}
