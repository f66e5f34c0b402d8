// Small random graphs of differentiable ops, the same for the same seed.

import { createBuilder } from "../../compiler/graph/builder.ts";
import type { Builder } from "../../compiler/graph/builder-types.ts";
import type { OracleData } from "../../compiler/graph/evaluate.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import type { Graph, Shape, ValueId } from "../../compiler/graph/node.ts";
import { masks } from "../../compiler/masks/index.ts";
import { randomStream } from "../../compiler/random.ts";

export interface RandomGraph { readonly b: Builder; readonly loss: ValueId; readonly floats: readonly ValueId[] }

const smooth = ["gelu", "gelu_tanh", "quick_gelu", "silu", "tanh"];

/** A builder with `size` random nodes or a few more, spread over three layers, and a loss that depends on most of them. */
export function randomGraph(seed: number, size: number): RandomGraph {
  const random = randomStream(seed, "random graph");
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)];
  const b = createBuilder();
  const floats: ValueId[] = [];
  const float = (...shape: number[]): ValueId => {
    const value = b.input(`f${floats.length}`, { shape, dtype: "float32" });
    floats.push(value);
    return value;
  };
  const bits = b.input("random", { shape: [4], dtype: "int32" });
  const ids = b.input("ids", { shape: [3], dtype: "int32" });
  const pool: ValueId[] = [float(2, 3, 4), float(3, 4), float(4)];
  const shapeOf = (value: ValueId): Shape => b.info(value).shape;
  const widthOf = (value: ValueId): number => shapeOf(value).at(-1) as number;
  const fits = (test: (shape: Shape) => boolean): ValueId[] => pool.filter((value) => test(shapeOf(value)));
  /** A value whose shape ends x's, or a new input of one such shape. */
  const ending = (x: ValueId): ValueId => {
    const shape = shapeOf(x);
    const found = fits((other) => other.length <= shape.length && other.every((n, i) => n === shape[shape.length - other.length + i]));
    return random.unit() < 0.7 ? pick(found) : float(...shape.slice(random.below(shape.length + 1)));
  };
  const matrixOrMore = (): ValueId => pick(fits((shape) => shape.length >= 2));

  const isSequence = (shape: Shape): boolean => shape.length === 3 && shape[2] % 2 === 0;
  let integerInputs = 0;
  const integers = (shape: Shape): ValueId => b.input(`i${integerInputs++}`, { shape, dtype: "int32" });
  const attend = (x: ValueId): ValueId => {
    const width = widthOf(x);
    const dropout = pick([0, 0.25]);
    const [query, key, value] = [0, 1, 2].map(() => b.linear(x, float(width, width), null));
    const attributes = { heads: 2, kv_heads: 2, scale: 0.7, mask: pick([masks.causal, masks.full]).predicate({}), dropout, site: random.below(5) };
    return b.attention(query, key, value, null, null, null, null, null, null, dropout > 0 ? bits : null, attributes)[0];
  };

  const steps: readonly (() => ValueId)[] = [
    () => { const x = pick(pool); return b.add(x, ending(x)); },
    () => { const x = pick(pool); return b.subtract(x, ending(x)); },
    () => { const x = pick(pool); return b.scale(b.multiply(x, ending(x)), { factor: 0.5 }); },
    () => { const x = pick(pool); return b.divide(x, b.shift(b.square(ending(x)), { by: 1 })); },
    () => b.scale(pick(pool), { factor: pick([1, -1, 0.5, 0.3]) }),
    () => b.shift(pick(pool), { by: pick([0, 1, -0.5]) }),
    () => b.square_root(b.shift(b.square(pick(pool)), { by: 0.5 })),
    () => b.activate(pick(pool), { activation: pick(smooth) }),
    () => { const x = matrixOrMore(); const n = 2 + random.below(3); return b.linear(x, float(n, widthOf(x)), random.unit() < 0.5 ? float(n) : null); },
    () => { const x = matrixOrMore(); const n = 2 + random.below(3); return b.add(b.linear(x, float(n, widthOf(x)), null), float(n)); },
    () => { const x = matrixOrMore(); return b.matmul(x, b.transpose(float(3, widthOf(x)), { permutation: [1, 0] }), { transpose_x: false, transpose_y: false }); },
    () => { const x = matrixOrMore(); return b.matmul(x, x, { transpose_x: true, transpose_y: false }); },
    () => { const x = pick(pool); return b.reshape(x, { shape: random.unit() < 0.5 ? [sizeOf(shapeOf(x))] : [1, ...shapeOf(x)] }); },
    () => { const x = matrixOrMore(); const axes = shapeOf(x).map((_, i) => i); return b.transpose(x, { permutation: random.unit() < 0.5 ? axes.reverse() : [...axes.slice(1), 0] }); },
    () => { const x = pick(pool); const axis = random.below(shapeOf(x).length); const start = random.below(shapeOf(x)[axis]); return b.slice(x, { axis, start, size: 1 + random.below(shapeOf(x)[axis] - start) }); },
    () => { const x = pick(pool); const axis = random.below(shapeOf(x).length); return b.concatenate(x, b.square(x), { axis }); },
    () => { const x = pick(pool); return b.broadcast_to(x, { shape: [2, ...shapeOf(x)] }); },
    () => { const x = matrixOrMore(); return b.sum_to(x, { shape: shapeOf(x).slice(1) }); },
    () => { const x = pick(pool); return b.layernorm(x, float(widthOf(x)), random.unit() < 0.5 ? float(widthOf(x)) : null, { eps: 0.1 })[0]; },
    () => { const x = pick(pool); return b.rmsnorm(x, float(widthOf(x)), { eps: 0.1, offset: 1 })[0]; },
    () => b.dropout(pick(pool), bits, { rate: 0.25, site: random.below(5) }),
    () => b.embedding(float(3, 2 + random.below(3)), ids, { padding: pick([null, 1]) }),
    () => { const x = pick(fits(isSequence)); return b.rope(x, integers(shapeOf(x).slice(0, 2)), { heads: 1, theta: 100, inverse: random.unit() < 0.5 }); },
    () => { const x = pick(fits((shape) => shape.length === 3 && shape[1] >= 3)); return b.take(x, integers([shapeOf(x)[0]])); },
    () => attend(pick(fits(isSequence))),
    () => {
      const x = pick(fits((shape) => shape.length >= 2 && (shape.at(-1) as number) >= 3));
      const rows = shapeOf(x).slice(0, -1);
      return b.reshape(b.scale(b.cross_entropy(x, integers(rows), b.constant({ shape: rows, value: 0.5 }))[0], { factor: 0.2 }), { shape: [1] });
    },
    () => { const x = pick(pool); return b.multiply(x, b.constant({ shape: pick([shapeOf(x), []]), value: 2 })); },
  ];
  for (let i = 0; i < size; i++) {
    const value = b.at(`decoder.layers.${Math.floor((3 * i) / size)}.block`, pick(steps));
    // Keeps values and gradients tame, and graphs small, whatever the ops make of them.
    if (sizeOf(shapeOf(value)) <= 96 && shapeOf(value).length <= 4) pool.push(random.unit() < 0.3 ? b.activate(value, { activation: "tanh" }) : value);
  }
  const loss = pool.slice(-6).map((value) => b.scale(b.sum_of_squares(b.activate(value, { activation: "tanh" })), { factor: 1 / sizeOf(shapeOf(value)) })).reduce((sum, value) => b.add(sum, value));
  return { b, loss, floats };
}

/** Normal floats, ids within the tables, and a key for dropout. */
export function randomInputs(graph: Graph, seed: number): Map<string, OracleData> {
  return new Map(
    Object.entries(graph.inputs).map(([name, value]) => {
      const stream = randomStream(seed, "random inputs", 0, name);
      const { shape, dtype } = graph.values[value];
      return [name, dtype === "int32" ? Int32Array.from({ length: sizeOf(shape) }, () => stream.below(3)) : Float64Array.from({ length: sizeOf(shape) }, () => stream.normal())];
    }),
  );
}
