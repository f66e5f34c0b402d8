// embedding_gradient: dtable[v] = Σ dy[i] over the i with ids[i] = v, none for the padding row.
// V rows, D width.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, float, isSuffix, widthOf } from "./_shapes.ts";

export type EmbeddingGradientAttributes = { readonly rows: number; readonly padding: number | null };

export const embedding_gradient = defineOp({
  name: "embedding_gradient",
  doc: "Sums rows of dy [..., D] by their id into [rows, D]; the row of padding gets none.",
  inputs: ["ids", "dy"],
  outputs: ["dtable"],
  infer({ ids, dy }, { rows }: EmbeddingGradientAttributes) {
    expect(isSuffix(ids.shape, dy.shape.slice(0, -1)) && ids.shape.length === dy.shape.length - 1, `embedding_gradient: ids [${ids.shape}], dy [${dy.shape}]`);
    return [float(rows, widthOf(dy.shape))];
  },
  gradient: "not differentiable",
  flops: ({ dy }) => sizeOf(dy.shape),
  evaluate({ ids, dy }, [dtable], { padding }, { outputs: [shape] }) {
    const D = shape[1];
    dtable.fill(0);
    for (let i = 0; i < ids.length; i++) {
      if (ids[i] === padding) continue;
      const to = ids[i] * D;
      const from = i * D;
      for (let j = 0; j < D; j++) dtable[to + j] += dy[from + j];
    }
  },
  lower(tf, { ids, dy }, { rows, padding }) {
    const D = widthOf(dy.shape);
    const n = ids.size;
    const flat = tf.cast(tf.reshape(ids, [n, 1]), "int32");
    const kept = padding === null ? tf.reshape(dy, [n, D]) : tf.mul(tf.reshape(dy, [n, D]), tf.cast(tf.notEqual(flat, tf.scalar(padding, "int32")), "float32"));
    return [tf.scatterND(flat as never, kept, [rows, D])];
  },
  samples: [
    { title: "matrix of ids", inputs: { ids: { shape: [2, 4], dtype: "int32", range: [0, 7] }, dy: { shape: [2, 4, 5] } }, attributes: { rows: 7, padding: null } },
    { title: "padding and repeats", inputs: { ids: { shape: [5], dtype: "int32", values: [1, 0, 1, 3, 1] }, dy: { shape: [5, 3] } }, attributes: { rows: 4, padding: 3 } },
    { title: "padding at 0", inputs: { ids: { shape: [3], dtype: "int32", values: [0, 1, 0] }, dy: { shape: [3, 1] } }, attributes: { rows: 2, padding: 0 } },
  ],
});
