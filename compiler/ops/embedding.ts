// embedding: y[…] = table[ids[…]].
// V rows, D width.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, float } from "./_shapes.ts";

export type EmbeddingAttributes = { readonly padding: number | null };

export const embedding = defineOp({
  name: "embedding",
  doc: "Rows of table [V, D] at integer ids [...]: [..., D]; the row of padding gets no gradient.",
  inputs: ["table", "ids"],
  outputs: ["y"],
  infer({ table, ids }, _attributes: EmbeddingAttributes) {
    expect(table.shape.length === 2 && ids.dtype === "int32", `embedding: table [${table.shape}], ids ${ids.dtype}`);
    return [float(...ids.shape, table.shape[1])];
  },
  gradient: (b, { inputs: { table, ids }, attributes: { padding } }, [dy]) => ({ table: dy === null ? null : b.embedding_gradient(ids, dy, { rows: b.info(table).shape[0], padding }), ids: null }),
  flops: () => 0,
  bytes: ({ ids }, [y]) => 4 * sizeOf(ids.shape) + 8 * sizeOf(y.shape),
  evaluate({ table, ids }, [y], _, { inputs }) {
    const D = inputs.table[1];
    for (let i = 0; i < ids.length; i++) {
      const from = ids[i] * D;
      const to = i * D;
      for (let j = 0; j < D; j++) y[to + j] = table[from + j];
    }
  },
  lower: (tf, { table, ids }) => [tf.gather(table, tf.cast(ids, "int32"))],
  samples: [
    { title: "matrix of ids", inputs: { table: { shape: [7, 5] }, ids: { shape: [2, 4], dtype: "int32", range: [0, 7] } }, attributes: { padding: null } },
    { title: "repeats, padding not among the ids", inputs: { table: { shape: [4, 3] }, ids: { shape: [5], dtype: "int32", values: [1, 0, 1, 3, 1] } }, attributes: { padding: 2 } },
    { title: "one id", inputs: { table: { shape: [3, 1] }, ids: { shape: [1, 1], dtype: "int32", values: [2] } }, attributes: { padding: 0 } },
  ],
});
