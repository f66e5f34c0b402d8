// The inputs of a forward graph, from what a user of the model gives: `input_ids` and `attention_mask`, as transformers calls them.
// What a graph takes beyond these is an input of the model under its own name.

import type { ValueInfo } from "../../../compiler/graph/node.ts";
import type { Tensor } from "../../../compiler/ops/define.ts";
import type { Tracing } from "./trace.ts";

/** Inputs of the model by name, made on first use. */
export type ModelInput = (name: string, info: ValueInfo) => Tensor;

/** B examples of T positions; `padding` is the id of what `last` passes over, null where the attention mask says it. */
export interface FeedContext { readonly tracing: Tracing; readonly batch: number; readonly length: number; readonly padding: number | null; readonly input: ModelInput }

const ids_BT = ({ batch, length }: FeedContext): ValueInfo => ({ shape: [batch, length], dtype: "int32" });
const tokens = (c: FeedContext): Tensor => c.input("input_ids", ids_BT(c));
const real = (c: FeedContext): Tensor => c.input("attention_mask", ids_BT(c));

const feeds: { readonly [input: string]: (context: FeedContext) => Tensor } = {
  tokens,
  real,
  positions: ({ tracing: { tf }, batch, length }) => tf.tile(tf.reshape(tf.range(0, length, 1, "int32"), [1, length]), [batch, 1]),
  /** The largest position that is not padding, 0 where all is. */
  last(c) {
    const { tf } = c.tracing;
    const kept_BT = c.padding === null ? real(c) : tf.cast(tf.notEqual(tokens(c), tf.scalar(c.padding, "int32")), "int32");
    return tf.max(tf.mul(kept_BT, tf.reshape(tf.range(0, c.length, 1, "int32"), [1, c.length])), 1);
  },
};

export function feedOf(name: string, info: ValueInfo, context: FeedContext): Tensor {
  return Object.hasOwn(feeds, name) ? feeds[name](context) : context.input(name, info);
}
