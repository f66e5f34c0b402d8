// A small GPT's plan made by hand from the builder: what the loop's tests and the speed check run without the front end.
// B examples of a micro-batch, T positions, D width, H heads, V vocabulary.

import { fileSource } from "../data/plans.ts";
import { createBuilder } from "../../compiler/graph/builder.ts";
import type { Builder } from "../../compiler/graph/builder-types.ts";
import type { Graph, Shape, ValueId } from "../../compiler/graph/node.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import { and, compare, key, query } from "../../compiler/masks/define.ts";
import type { MaskExpression } from "../../compiler/masks/define.ts";
import { buildUpdate } from "../../compiler/optimizers/_update.ts";
import { adamw } from "../../compiler/optimizers/adamw.ts";
import { differentiate } from "../../compiler/phases/4-differentiate.ts";
import { optimize } from "../../compiler/phases/5-optimize.ts";
import { sealPlan } from "../../compiler/plan/hash.ts";
import { nextTokens } from "../objectives/plans.ts";
import type { Plan, PlanParameter } from "../../compiler/plan/schema.ts";

export interface TinySizes { readonly layers: number; readonly width: number; readonly heads: number; readonly length: number; readonly vocab: number; readonly batch: number; readonly micro: number; readonly dropout: number }
export const tinySizes: TinySizes = { layers: 1, width: 16, heads: 2, length: 16, vocab: 260, batch: 4, micro: 4, dropout: 0 };

export type TinyOptions = Partial<TinySizes> & { readonly steps?: number; readonly files?: readonly string[]; readonly plan?: Partial<Plan>; readonly lr?: number };

export function tinyPlan(options: TinyOptions = {}): Plan {
  const sizes = { ...tinySizes, ...options };
  const { length, batch, micro } = sizes;
  const parameters = parametersOf(sizes);
  const source = fileSource({ files: options.files ?? ["data.txt"] });
  const update = createBuilder();
  const args = { lr: options.lr ?? 0.01, clip: 1, decay: "matrices", betas: [0.9, 0.98], eps: 1e-8, weight_decay: 0.1 };
  buildUpdate(update, parameters, adamw, args);
  const total = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return sealPlan({
    format: 4, adapt: null, name: "tiny", kind: "pretrain", from: null, teachers: [], spec: "// by hand\n", parameters,
    graphs: { train: optimize(lossGraph(sizes, parameters, micro, true)), statistics: null, update: optimize(update.finish()), evaluate: optimize(lossGraph(sizes, parameters, micro, false)), prefill: optimize(prefillGraph(sizes, parameters)), decode: optimize(decodeGraph(sizes, parameters)) },
    tokenizer: { kind: { word: "bytes", arguments: {} }, file: null, trained_on: null, special: ["pad", "bos", "eos"].map((name) => ({ name, text: `<${name}>` })), sentinels: 0, vocab: 259 },
    data: source, objective: nextTokens(length), lengths: { raw: length + 1, inputs: length, targets: length },
    optimizer: { word: "adamw", arguments: args }, schedule: { word: "cosine", arguments: { warmup: { value: 2, unit: "steps" }, end: 0, cycles: 0.5 } },
    precision: "f32", batch: { examples: batch, micro, pack: true }, horizon: { steps: options.steps ?? 8, epochs: null, tokens: null },
    evaluation: { every: 4, data: source, metrics: ["loss", "perplexity", "bits_per_byte"].map((word) => ({ word, arguments: {} })) }, checkpoints: { every: { value: 3, unit: "steps" }, keep: 2 },
    samples: { every: 4, prompt: "a", tokens: 5, decode: { word: "sample", arguments: { top_p: 0.9 } } }, guard: "stop", seeds: { run: 3, data: 3 },
    costs: { parameters: { total, trainable: total }, flops: { forward_per_token: 0, train_per_token: 0, total: null }, memory: { weights: 0, optimizer: 0, activations: 0, peak: 0 } },
    ...options.plan,
  } as Omit<Plan, "hash">);
}

function parametersOf({ layers, width: D, length, vocab }: TinySizes): PlanParameter[] {
  const make = (name: string, shape: Shape, word = "normal"): PlanParameter => ({ name, shape, initializer: { word, arguments: word === "normal" ? { deviation: 0.02 } : {} }, trainable: true, decay: shape.length > 1, shared_by: [] });
  const norm = (name: string): PlanParameter[] => [make(`${name}.weight`, [D], "ones"), make(`${name}.bias`, [D], "zeros")];
  const dense = (name: string, out: number, inner: number): PlanParameter[] => [make(`${name}.weight`, [out, inner]), make(`${name}.bias`, [out], "zeros")];
  return [
    make("embed.tokens", [vocab, D]), make("embed.positions", [length, D]),
    ...Array.from({ length: layers }, (_, n) => [
      ...norm(`layers.${n}.norm1`), ...["query", "key", "value", "out"].flatMap((part) => dense(`layers.${n}.${part}`, D, D)),
      ...norm(`layers.${n}.norm2`), ...dense(`layers.${n}.up`, 4 * D, D), ...dense(`layers.${n}.down`, D, 4 * D),
    ]).flat(),
    ...norm("norm"),
  ];
}

const causal = compare(key, "<=", query);

/** The blocks; `attend` makes attention from the projected query, key and value of a layer. */
function blocks(b: Builder, sizes: TinySizes, p: (name: string) => ValueId, input: { tokens: ValueId; positions: ValueId; random: ValueId | null }, attend: (layer: number, q: ValueId, k: ValueId, v: ValueId) => ValueId): ValueId {
  const dropped = (x: ValueId, site: number): ValueId => (input.random !== null && sizes.dropout > 0 ? b.dropout(x, input.random, { rate: sizes.dropout, site }) : x);
  let x = b.add(b.embedding(p("embed.tokens"), input.tokens, { padding: null }), b.embedding(p("embed.positions"), input.positions, { padding: null }));
  const dense = (name: string, value: ValueId): ValueId => b.linear(value, p(`${name}.weight`), p(`${name}.bias`));
  for (let n = 0; n < sizes.layers; n++) {
    const at = `layers.${n}`;
    const [y] = b.layernorm(x, p(`${at}.norm1.weight`), p(`${at}.norm1.bias`), { eps: 1e-5 });
    const attended = attend(n, dense(`${at}.query`, y), dense(`${at}.key`, y), dense(`${at}.value`, y));
    x = b.add(x, dropped(dense(`${at}.out`, attended), 2 * n));
    const [z] = b.layernorm(x, p(`${at}.norm2.weight`), p(`${at}.norm2.bias`), { eps: 1e-5 });
    x = b.add(x, dropped(dense(`${at}.down`, b.activate(dense(`${at}.up`, z), { activation: "gelu_tanh" })), 2 * n + 1));
  }
  return b.layernorm(x, p("norm.weight"), p("norm.bias"), { eps: 1e-5 })[0];
}

function builderWith(parameters: readonly PlanParameter[]): { b: Builder; p: (name: string) => ValueId } {
  const b = createBuilder();
  const ids = new Map(parameters.map(({ name, shape }) => [name, b.input(name, { shape, dtype: "float32" })]));
  return { b, p: (name) => ids.get(name)! };
}

const attributes = ({ width, heads }: TinySizes, mask: MaskExpression) => ({ heads, kv_heads: heads, scale: 1 / Math.sqrt(width / heads), mask, dropout: 0, site: 100 });

function lossGraph(sizes: TinySizes, parameters: readonly PlanParameter[], B: number, train: boolean): Graph {
  const { b, p } = builderWith(parameters);
  const rows = (name: string, dtype: "int32" | "float32"): ValueId => b.input(name, { shape: [B, sizes.length], dtype });
  const [tokens, targets, positions, documents] = ["tokens", "lm.targets", "positions", "documents"].map((name) => rows(name, "int32"));
  const weights = rows("lm.weights", "float32");
  const random = train && sizes.dropout > 0 ? b.input("random", { shape: [4], dtype: "int32" }) : null;
  const mask = and(causal, { kind: "document" });
  const hidden = blocks(b, sizes, p, { tokens, positions, random }, (_, q, k, v) => b.attention(q, k, v, null, null, documents, null, null, null, null, attributes(sizes, mask))[0]);
  const [sum] = b.cross_entropy(b.linear(hidden, p("embed.tokens"), null), targets, weights);
  if (!train) {
    b.output("sum:lm", sum);
    return b.finish();
  }
  const loss = b.divide(sum, b.input("lm.count", { shape: [], dtype: "float32" }));
  b.output("loss", loss);
  differentiate(b, loss, parameters.map(({ name }) => p(name))).forEach((gradient, n) => b.output(`gradient:${parameters[n].name}`, gradient!));
  return b.finish();
}

function prefillGraph(sizes: TinySizes, parameters: readonly PlanParameter[]): Graph {
  const { b, p } = builderWith(parameters);
  const [tokens, positions, real] = ["tokens", "positions", "real"].map((name) => b.input(name, { shape: [1, sizes.length], dtype: "int32" }));
  const hidden = blocks(b, sizes, p, { tokens, positions, random: null }, (n, q, k, v) => {
    b.output(`cache:layers.${n}.key`, k);
    b.output(`cache:layers.${n}.value`, v);
    return b.attention(q, k, v, null, real, null, null, null, null, null, attributes(sizes, causal))[0];
  });
  b.output("logits", b.linear(b.take(hidden, b.input("last", { shape: [1], dtype: "int32" })), p("embed.tokens"), null));
  return b.finish();
}

function decodeGraph(sizes: TinySizes, parameters: readonly PlanParameter[]): Graph {
  const { b, p } = builderWith(parameters);
  const [tokens, positions] = ["tokens", "positions"].map((name) => b.input(name, { shape: [1, 1], dtype: "int32" }));
  const real = b.input("real", { shape: [1, sizes.length], dtype: "int32" });
  const offset = b.input("offset", { shape: [], dtype: "int32" });
  const hidden = blocks(b, sizes, p, { tokens, positions, random: null }, (n, q, k, v) => {
    const [keys, values] = [["key", k], ["value", v]].map(([part, rows]) => {
      const name = `cache:layers.${n}.${part}`;
      const cache = b.cache_write(b.input(name, { shape: [1, sizes.length, sizes.width], dtype: "float32" }), rows as ValueId, offset);
      b.output(name, cache);
      return cache;
    });
    return b.attention(q, keys, values, null, real, null, null, null, offset, null, attributes(sizes, causal))[0];
  });
  b.output("logits", b.linear(b.reshape(hidden, { shape: [1, sizes.width] }), p("embed.tokens"), null));
  return b.finish();
}
