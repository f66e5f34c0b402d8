// cache_write: y = cache with rows at positions offset … offset + T − 1 of axis 1.

import { sizeOf } from "../graph/node.ts";
import { defineOp } from "./define.ts";
import { expect, expectShape, float } from "./_shapes.ts";

export const cache_write = defineOp({
  name: "cache_write",
  doc: "cache [B, S, D] with rows [B, T, D] written at positions offset and after.",
  inputs: ["cache", "rows", "offset"],
  outputs: ["y"],
  infer({ cache, rows, offset }) {
    const [B, S, D] = cache.shape;
    expect(rows.shape.length === 3 && rows.shape[1] <= S, `cache_write: rows [${rows.shape}] into [${cache.shape}]`);
    expectShape("cache_write: rows", rows, [B, rows.shape[1], D]);
    expectShape("cache_write: offset", offset, []);
    return [float(...cache.shape)];
  },
  gradient: "not differentiable",
  flops: () => 0,
  bytes: ({ rows }, [y]) => 8 * sizeOf(y.shape) + 4 * sizeOf(rows.shape),
  evaluate({ cache, rows, offset }, [y], _, { inputs }) {
    const [B, S, D] = inputs.cache;
    const block = inputs.rows[1] * D;
    if (y !== cache) y.set(cache);
    for (let b = 0; b < B; b++) y.set(rows.subarray(b * block, (b + 1) * block), (b * S + offset[0]) * D);
  },
  lower(tf, { cache, rows, offset }) {
    const [B, S, D] = cache.shape as [number, number, number];
    const T = rows.shape[1] as number;
    const [start] = offset.dataSync();
    const parts = [tf.slice(cache, [0, 0, 0], [B, start, D]), rows, tf.slice(cache, [0, start + T, 0], [B, S - start - T, D])];
    return [tf.concat(parts.filter((part) => part.size > 0), 1)];
  },
  samples: [
    { title: "middle", inputs: { cache: { shape: [2, 6, 3] }, rows: { shape: [2, 2, 3] }, offset: { shape: [], dtype: "int32", values: [3] } }, attributes: {} },
    { title: "start", inputs: { cache: { shape: [1, 4, 3] }, rows: { shape: [1, 1, 3] }, offset: { shape: [], dtype: "int32", values: [0] } }, attributes: {} },
    { title: "all", inputs: { cache: { shape: [2, 3, 1] }, rows: { shape: [2, 3, 1] }, offset: { shape: [], dtype: "int32", values: [0] } }, attributes: {} },
  ],
});
