// Random graphs of one op with odd sizes, for the native backend's tests.

import type { Attributes, Graph, Shape } from "../../../compiler/graph/node.ts";
import { sizeOf } from "../../../compiler/graph/node.ts";
import { createBuilder } from "../../../compiler/graph/builder.ts";
import type { AttentionOptions } from "../../../compiler/ops/_attention.ts";
import { and, compare, key, minus, number, or, query } from "../../../compiler/masks/define.ts";
import { masks } from "../../../compiler/masks/index.ts";
import { ops } from "../../../compiler/ops/index.ts";
import type { OpDefinition } from "../../../compiler/ops/define.ts";
import { randomStream } from "../../../compiler/random.ts";
import type { RandomStream } from "../../../compiler/random.ts";

export type Feeds = Map<string, Float32Array | Int32Array>;
export interface Case { readonly title: string; readonly graph: Graph; readonly feeds: Feeds }

type Input = { readonly shape: Shape; readonly range?: readonly [number, number]; readonly integers?: (i: number) => number };

function single(op: string, inputs: { readonly [name: string]: Input | undefined }, attributes: Attributes, random: RandomStream): Case {
  const definition = (ops as unknown as Record<string, OpDefinition>)[op];
  const b = createBuilder();
  const feeds: Feeds = new Map();
  const ids = definition.inputs.map((declared) => {
    const name = declared.replace("?", "");
    const input = inputs[name];
    if (!input) return null;
    const size = sizeOf(input.shape);
    const [low, high] = input.range ?? [-2, 2];
    feeds.set(name, input.integers ? Int32Array.from({ length: size }, (_, i) => input.integers!(i)) : Float32Array.from({ length: size }, () => low + (high - low) * random.unit()));
    return b.input(name, { shape: input.shape, dtype: input.integers ? "int32" : "float32" });
  });
  b.add_node(op, ids, attributes).forEach((value, k) => b.output(definition.outputs[k], value));
  const shapes = Object.entries(inputs).map(([name, input]) => (input ? `${name} [${input.shape}]` : "")).filter(Boolean);
  return { title: `${op} ${shapes.join(" ")} ${JSON.stringify(attributes).slice(0, 80)}`, graph: b.finish(), feeds };
}

/** Mostly small, sometimes just around what kernels work in: 6, 8, 16, 48, 72, 96, 256, 768. */
function extent(random: RandomStream, most = 800): number {
  const around = [1, 6, 8, 16, 24, 32, 48, 64, 72, 96, 256, 768].filter((n) => n <= most);
  return random.below(2) ? 1 + random.below(Math.min(most, 40)) : Math.max(1, around[random.below(around.length)] - 1 + random.below(3));
}

export function randomProduct(seed: number): Case {
  const random = randomStream(seed, "product");
  const [M, N, K] = [extent(random, 300), extent(random), extent(random, 1200)];
  const precision: Attributes = random.below(2) ? { precision: "bf16" } : {};
  if (random.below(3) === 0) return single("linear", { x: { shape: [M, K] }, weight: { shape: [N, K] }, bias: random.below(2) ? { shape: [N] } : undefined }, precision, random);
  if (random.below(4) === 0) return gatedInside([random.below(3) ? M : 1 + M % 17, Math.min(N, 300), K], precision, random);
  if (random.below(4) === 0) return single("linear_gradient", { x: { shape: [K, N] }, dy: { shape: [K, M] } }, precision, random);
  const [transpose_x, transpose_y] = [random.below(2) === 1, random.below(2) === 1];
  const operands = { x: { shape: transpose_x ? [K, M] : [M, K] }, y: { shape: transpose_y ? [N, K] : [K, N] } };
  if (random.below(4) === 0) return single("matmul_multiply_twice", { ...operands, factor: { shape: [M, N] }, other: { shape: [M, N] } }, { transpose_x, transpose_y, ...precision }, random);
  return single("matmul", operands, { transpose_x, transpose_y, ...precision }, random);
}

function gatedInside([M, N, K]: readonly number[], precision: Attributes, random: RandomStream): Case {
  const weight: Input = { shape: [N, K], range: [-0.2, 0.2] };
  const bias = (): Input | undefined => (random.below(2) ? { shape: [N] } : undefined);
  return single("linear_gated", { x: { shape: [M, K] }, gate: weight, up: weight, gate_bias: bias(), up_bias: bias() }, { activation: ["silu", "gelu", "relu"][random.below(3)], ...precision }, random);
}

/** The loss alone, or with its gradients; sometimes a vocabulary that is cut into several chunks of rows. */
export function randomLoss(seed: number): Case {
  const random = randomStream(seed, "loss");
  const gradient = random.below(2) === 1;
  // With 40,000 logits a row, 96 rows stand together.
  const [rows, D, V] = random.below(30) === 0 ? [95 + random.below(4), 1 + random.below(5), 40_000 + random.below(100)] : [extent(random, 200), extent(random, 70), extent(random, 300)];
  const precision: Attributes = random.below(2) ? { precision: "bf16" } : {};
  return single(gradient ? "linear_cross_entropy_gradient" : "linear_cross_entropy", {
    x: { shape: [rows, D] }, weight: { shape: [V, D], range: [-1, 1] }, targets: { shape: [rows], integers: () => random.below(V) },
    weights: { shape: [rows], range: [0.5, 1] }, dloss: gradient ? { shape: [], range: [0.1, 1] } : undefined, bias: random.below(2) ? { shape: [V] } : undefined,
  }, precision, random);
}

export function randomAttention(seed: number, gradient: boolean, precision: { readonly precision?: "bf16" } = {}): Case {
  const random = randomStream(seed, "attention");
  const [B, G, R] = [1 + random.below(3), 1 + random.below(2), 1 + random.below(3)];
  // Now and then long enough for runs of keys far apart, in one or two examples.
  const far = random.below(6) === 0;
  const [T, W, V] = far ? [130 + random.below(170), extent(random, 12), extent(random, 12)] : [extent(random, 100), extent(random, 70), extent(random, 70)];
  const offset = random.below(4) === 0 ? random.below(5) : 0;
  const S = far || random.below(2) ? T + offset : extent(random, 100);
  const H = G * R;
  const document = masks.document.predicate({});
  const causal = masks.causal.predicate({});
  const kinds = [
    masks.full.predicate({}), causal, masks.prefix.predicate({}), masks.window.predicate({ n: 1 + random.below(20) }),
    and(causal, compare(minus(query, key), "<", number(1 + random.below(30)))),
    and(causal, compare({ kind: "arithmetic", operator: "mod", left: minus(query, key), right: number(3) }, "==", number(0))),
    and(causal, document), or(document, masks.window.predicate({ n: 2 })),
    or(masks.window.predicate({ n: 1 + random.below(9) }), masks.global.predicate({ n: 1 + random.below(5) })),
  ];
  const kind = far ? 5 + random.below(4) : random.below(kinds.length);
  const documents = kind === 6 || kind === 7;
  const run = 1 + random.below(20);
  const dropout = random.below(3) === 0 ? 0.3 : 0;
  const softcap = random.below(4) === 0 ? 0.5 + 3 * random.unit() : 0;
  const attributes: AttentionOptions = { heads: H, kv_heads: G, scale: W ** -0.5, mask: kinds[kind], dropout, site: random.word() | 0, ...(softcap ? { softcap } : {}), ...precision };
  return single(gradient ? "attention_gradient" : "attention", {
    query: { shape: [B, T, H * W] }, key: { shape: [B, S, G * W] }, value: { shape: [B, S, G * V] },
    ...(gradient ? { out: { shape: [B, T, H * V] }, log_sum: { shape: [B, H, T], range: [3, 6] as const }, dout: { shape: [B, T, H * V] } } : {}),
    bias: random.below(3) === 0 ? { shape: [H, T, S] } : undefined,
    real: random.below(2) ? { shape: [B, S], integers: () => Number(random.below(5) > 0) } : undefined,
    documents: documents ? { shape: [B, T], integers: (i) => Math.floor((i % T) / run) } : undefined,
    key_documents: documents && S !== T ? { shape: [B, S], integers: (i) => Math.floor((i % S) / run) } : undefined,
    prefix: kind === 2 ? { shape: [B], integers: () => random.below(S + 1) } : undefined,
    offset: offset ? { shape: [], integers: () => offset } : undefined,
    random: dropout ? { shape: [4], integers: () => random.word() | 0 } : undefined,
  }, attributes as unknown as Attributes, random);
}

/** Updates of several tensors with rates of their own, clipped by the norm of their gradients; the last two update the same parameter again. */
export function randomUpdate(seed: number): Case {
  const random = randomStream(seed, "update");
  const b = createBuilder();
  const feeds: Feeds = new Map();
  const input = (name: string, size: number | null, low: number, high: number): number => {
    feeds.set(name, Float32Array.from({ length: size ?? 1 }, () => low + (high - low) * random.unit()));
    return b.input(name, { shape: size === null ? [] : [size], dtype: "float32" });
  };
  const sizes = Array.from({ length: 2 + random.below(4) }, () => [random.below(40), random.below(300), 16_383 + random.below(3), 65_535 + random.below(3)][random.below(random.below(8) ? 2 : 4)]);
  const step = input("step", null, 1, 9);
  const gradients = sizes.map((size, i) => input(`g${i}`, size, -1, 1));
  const norm = b.square_root(gradients.map((g) => b.sum_of_squares(g)).reduce((sum, square) => b.add(sum, square)));
  const factor = b.clip_factor(norm, { limit: 1 });
  b.output("norm", norm);
  sizes.forEach((size, i) => {
    const attributes = { beta1: 0.9, beta2: 0.99, eps: 1e-6, weight_decay: random.below(2) ? 0.1 : 0 };
    const rate = input(`rate${i}`, null, 0.1, 1);
    const once = b.adamw(input(`p${i}`, size, -1, 1), gradients[i], input(`m${i}`, size, -1, 1), input(`v${i}`, size, 0, 1), rate, step, random.below(2) ? factor : null, attributes);
    const made = i < sizes.length - 2 ? once : b.adamw(once[0], gradients[i], once[1], once[2], rate, step, factor, attributes);
    made.forEach((value, k) => b.output(`${["p", "m", "v"][k]}${i} after`, value));
  });
  return { title: `updates of ${sizes}`, graph: b.finish(), feeds };
}

export function randomRows(seed: number): Case {
  const random = randomStream(seed, "rows");
  const [rows, width] = [extent(random, 200), extent(random)];
  const x = { shape: [rows, width] };
  const targets = { shape: [rows], integers: () => random.below(width) };
  const weights = { shape: [rows], range: [0.5, 1] as const };
  const row = { shape: [rows], range: [0.5, 2] as const };
  const scalar = { shape: [], range: [0.1, 1] as const };
  const choices: readonly (() => Case)[] = [
    () => single("layernorm", { x, weight: { shape: [width] }, bias: random.below(2) ? { shape: [width] } : undefined }, { eps: 1e-3 }, random),
    () => single("layernorm_gradient", { x, weight: { shape: [width] }, mean: { shape: [rows] }, deviation: row, dy: x }, {}, random),
    () => single("rmsnorm", { x, weight: { shape: [width] } }, { eps: 1e-3, offset: 1 }, random),
    () => single("rmsnorm_gradient", { x, weight: { shape: [width] }, deviation: row, dy: x }, { offset: 0 }, random),
    () => single("cross_entropy", { logits: x, targets, weights }, {}, random),
    () => single("cross_entropy_gradient", { logits: x, targets, weights, log_sum: { shape: [rows], range: [3, 7] }, dloss: { shape: [] } }, {}, random),
    () => single("embedding", { table: x, ids: { shape: [3, 5], integers: () => random.below(rows) } }, { padding: null }, random),
    () => single("embedding_gradient", { ids: { shape: [rows], integers: () => random.below(7) }, dy: x }, { rows: 7, padding: 2 }, random),
    () => single("sum_to", { x }, { shape: [width] }, random),
    () => single("transpose", { x: { shape: [1 + random.below(5), rows, width % 40 + 1] } }, { permutation: [[0, 2, 1], [1, 0, 2], [2, 1, 0], [1, 2, 0]][random.below(4)] }, random),
    () => single("slice", { x: { shape: [3, rows, 1 + (width % 70)] } }, { axis: 1, start: rows >> 1, size: (rows + 1) >> 1 }, random),
    () => single("pad_slice", { x: { shape: [2, rows, 1 + (width % 70)] } }, { axis: random.below(2) + 1, start: 2, size: 300 }, random),
    () => single("concatenate", { x, y: { shape: [rows, 1 + random.below(50)] } }, { axis: 1 }, random),
    () => single("broadcast_to", { x: { shape: [rows, random.below(2) ? width : 1] } }, { shape: [3, rows, width] }, random),
    () => single("sum_of_squares", { x }, {}, random),
    () => single("add", { x, y: { shape: random.below(2) ? [width] : [] } }, {}, random),
    () => single("multiply", { x, y: x }, {}, random),
    () => single("rope", { x: { shape: [2, rows, 2 * (width % 9) + 2] }, positions: { shape: [2, rows], integers: (i) => i % (rows + 3) } }, { heads: 1, theta: 1000, inverse: random.below(2) === 1 }, random),
    () => single("dropout", { x, random: { shape: [4], integers: () => random.word() | 0 } }, { rate: 0.4, site: random.word() | 0 }, random),
    ...["relu", "gelu", "gelu_tanh", "silu", "quick_gelu", "tanh", "squared_relu"].flatMap((activation) => [
      () => single("activate", { x: { ...x, range: [-8, 8] } }, { activation }, random),
      () => single("activate_gradient", { x: { ...x, range: [-8, 8] }, dy: x }, { activation }, random),
    ]),
    () => single("relative_bias", { weight: { shape: [8, 1 + (width % 5)] } }, { buckets: 8, distance: 20, bidirectional: random.below(2) === 1, queries: rows, keys: 1 + (width % 100) }, random),
    () => single("relative_bias_gradient", { dbias: { shape: [1 + (width % 3), rows, 1 + (width % 100)] }, offset: { shape: [], integers: () => width % 7 } }, { buckets: 6, distance: 30, bidirectional: random.below(2) === 1, queries: rows, keys: 1 + (width % 100) }, random),
    () => single("adamw", { parameter: x, gradient: x, mean: x, square: { ...x, range: [0, 1] }, rate: scalar, step: { shape: [], range: [1, 9] }, factor: random.below(2) ? scalar : undefined }, { beta1: 0.9, beta2: 0.99, eps: 1e-6, weight_decay: 0.1 }, random),
  ];
  return choices[seed % choices.length]();
}
