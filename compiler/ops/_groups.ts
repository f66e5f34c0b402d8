// Rows in groups: group g is the rows from offsets[g] to offsets[g + 1].

import type { Tensor, Tf } from "./define.ts";

/**
 * 1 for the rows of a group, else 0: [rows, 1]. Lowered forms multiply by it rather than cut rows out, whose number only the
 * data tells: a device could not be asked for it in the middle of a graph.
 */
export function rowsOfGroup(tf: Tf, offsets: Tensor, group: number, rows: number): Tensor {
  const row = tf.range(0, rows, 1, "int32");
  const [start, end] = [group, group + 1].map((at) => tf.slice(offsets, [at], [1]));
  return tf.reshape(tf.cast(tf.logicalAnd(tf.greaterEqual(row, start), tf.less(row, end)), "float32"), [rows, 1]);
}
