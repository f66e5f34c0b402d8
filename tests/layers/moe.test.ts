// moe: against the definition written out per token, gradients, capacity, padding, and generation with a cache.
// B examples, T positions, D width, E experts, H hidden.

import { describe, expect, test } from "vitest";
import { instancesOf, weightsOf, type Architecture } from "../../compiler/architecture.ts";
import { createBuilder } from "../../compiler/graph/builder.ts";
import { costsOf } from "../../compiler/graph/costs.ts";
import { evaluateGraph, type OracleData } from "../../compiler/graph/evaluate.ts";
import { sizeOf, type Graph } from "../../compiler/graph/node.ts";
import { prefillGraph } from "../../compiler/graphs.ts";
import { callModel } from "../../compiler/model-call.ts";
import { forward } from "../../compiler/phases/3-build.ts";
import { differentiate } from "../../compiler/phases/4-differentiate.ts";
import { withAuxiliary } from "../../compiler/auxiliary.ts";
import { check } from "../../runtime/index.ts";
import { openSession } from "../../runtime/session.ts";
import { generate } from "../../runtime/generation/generate.ts";
import { sourceOf } from "../../runtime/generation/source.ts";
import { expectClose } from "../harness/allclose.ts";
import { normals } from "../harness/random.ts";

const [B, T, D, H, vocab] = [2, 5, 4, 3, 11];
const seed = 7;

function architectureOf(text: string): Architecture {
  const called = callModel("mixed", check(`model mixed { ${text} }\n`));
  if ("diagnostics" in called) throw new Error(called.diagnostics.map((one) => one.message).join("\n"));
  return called.architecture;
}

const alone = (layer: string): Architecture => architectureOf(`decoder { embed: tokens(${vocab}, ${D}) ${layer} }`);

function weightsFor(architecture: Architecture): Map<string, Float64Array> {
  return new Map([...weightsOf(instancesOf(architecture, architecture.heads))].map(({ name, spec }) => [name, normals(sizeOf(spec.shape), seed, name)]));
}

/** `y`, and with `train` the loss Σ y · dy plus the layers' own, with the gradient of every weight. */
function graphOf(architecture: Architecture, { padding = false, train = false } = {}): Graph {
  const pass = forward(architecture, [], { batch: B, size: () => ({ length: T }), pack: false, padding, training: false });
  const { b } = pass;
  const y = pass.stream(architecture.stacks[0]);
  b.output("y", y);
  if (!train) return b.finish();
  const loss = withAuxiliary(pass, b.sum_to(b.multiply(y, b.input("dy", b.info(y))), { shape: [] }));
  b.output("loss", loss);
  const whole = createBuilder(b.finish());
  const names = [...pass.weights.keys()];
  const gradients = differentiate(whole, loss, names.map((name) => pass.weights.get(name)!));
  whole.output("loss", loss);
  names.forEach((name, i) => whole.output(`gradient:${name}`, gradients[i]!));
  return whole.finish();
}

const tokens = Int32Array.from({ length: B * T }, (_, i) => (i * 3) % vocab);
const padded = Int32Array.from([1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
const feedsFor = (graph: Graph, weights: ReadonlyMap<string, OracleData>): Map<string, OracleData> =>
  new Map([...weights, ...Object.entries({ tokens, real: padded, dy: normals(B * T * D, seed, "dy") }).filter(([name]) => Object.hasOwn(graph.inputs, name))]);

const silu = (x: number): number => x / (1 + Math.exp(-x));
const product = (weight: ArrayLike<number>, x: readonly number[], bias?: ArrayLike<number>): number[] =>
  Array.from({ length: weight.length / x.length }, (_, o) => x.reduce((sum, value, i) => sum + value * weight[o * x.length + i], bias?.[o] ?? 0));

interface Definition { readonly experts: number; readonly top: number; readonly gated: boolean; readonly bias: boolean; readonly limit?: number }

/** One token after the other, one expert after the other. */
function naive(weights: ReadonlyMap<string, Float64Array>, { experts, top, gated, bias, limit = Infinity }: Definition): number[] {
  const leaf = (name: string): Float64Array => weights.get(`decoder.moe.${name}`)!;
  const load = new Array<number>(experts).fill(0);
  return [...tokens].flatMap((id) => {
    const x = [...weights.get("decoder.embed.tokens.weight")!.subarray(id * D, (id + 1) * D)];
    const scores = product(leaf("router.weight"), x).map(Math.exp);
    const chosen = scores.map((score, e) => ({ score, e })).sort((a, b) => b.score - a.score || a.e - b.e).slice(0, top);
    const total = chosen.reduce((sum, { score }) => sum + score, 0);
    const y = new Array<number>(D).fill(0);
    for (const { score, e } of chosen) {
      if (load[e] >= limit) continue;
      load[e]++;
      const part = (name: string, input: readonly number[]) => product(leaf(`experts.${e}.${name}.weight`), input, bias ? leaf(`experts.${e}.${name}.bias`) : undefined);
      const up = part("up", x);
      const active = gated ? part("gate", x).map((g, i) => silu(g) * up[i]) : up.map(silu);
      part("down", active).forEach((value, i) => (y[i] += (score / total) * value));
    }
    return y;
  });
}

const cases: readonly (readonly [string, Definition])[] = [
  [`moe(4, ${H}, silu)`, { experts: 4, top: 2, gated: true, bias: false }],
  [`moe(4, ${H}, swiglu, top: 3, bias: on)`, { experts: 4, top: 3, gated: true, bias: true }],
  [`moe(3, ${H}, silu, top: 1, gated: off)`, { experts: 3, top: 1, gated: false, bias: false }],
  // More experts than one node of grouped_linear takes.
  [`moe(19, ${H}, silu, bias: on)`, { experts: 19, top: 2, gated: true, bias: true }],
  // ⌈0.5 · 2 · 10 / 4⌉ = 3 pairs an expert.
  [`moe(4, ${H}, silu, capacity: 0.5)`, { experts: 4, top: 2, gated: true, bias: false, limit: 3 }],
];

describe.each(cases)("%s", (text, definition) => {
  const architecture = alone(text);
  const weights = weightsFor(architecture);

  test("is the definition", () => {
    const graph = graphOf(architecture);
    expectClose(evaluateGraph(graph, feedsFor(graph, weights)).get("y")!, naive(weights, definition), 1e-12, "y");
  });

  test("gradients are finite differences, experts no token chose get exactly none", () => {
    const graph = graphOf(alone(text.replace(/\)$/, ", load_balancing: 0.7)")), { padding: true, train: true });
    const feeds = feedsFor(graph, weights);
    const results = evaluateGraph(graph, feeds);
    const lossAt = (): number => evaluateGraph(graph, feeds).get("loss")![0];
    let idle = 0;
    for (const [name, data] of weights) {
      const gradient = results.get(`gradient:${name}`)!;
      if (gradient.every((value) => value === 0)) idle++;
      // A few elements of each tensor.
      for (const i of new Set([0, Math.floor(data.length / 2), data.length - 1])) {
        const before = data[i];
        const step = 1e-6;
        data[i] = before + step;
        const above = lossAt();
        data[i] = before - step;
        const below = lossAt();
        data[i] = before;
        expect(Math.abs((above - below) / (2 * step) - gradient[i]), `${name}[${i}]`).toBeLessThan(2e-7 * Math.max(1, Math.abs(gradient[i])));
      }
    }
    // Twenty choices cannot reach nineteen experts here, and do reach three.
    if (definition.experts === 19) expect(idle).toBeGreaterThan(0);
    if (definition.experts === 3) expect(idle).toBe(0);
  });
});

test("with a capacity padding takes no expert's place", () => {
  const architecture = alone(`moe(2, ${H}, silu, top: 1, capacity: 0.8)`);
  const weights = weightsFor(architecture);
  // All tokens prefer expert 0, which takes ⌈0.8 · 10 / 2⌉ = 4.
  weights.get("decoder.embed.tokens.weight")!.forEach((value, i, all) => (all[i] = i % D === 0 ? 1 : value));
  weights.get("decoder.moe.router.weight")!.fill(0).set([1], 0);
  const graph = graphOf(architecture, { padding: true });
  const feeds = feedsFor(graph, weights);
  const kept = (real: readonly number[]): number[] => {
    const y = evaluateGraph(graph, new Map([...feeds, ["real", Int32Array.from(real)]])).get("y")!;
    return Array.from({ length: B * T }, (_, n) => Number(y.subarray(n * D, (n + 1) * D).some((value) => value !== 0)));
  };
  expect(kept([1, 1, 1, 1, 1, 1, 1, 1, 1, 1])).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  expect(kept([0, 1, 1, 0, 1, 1, 0, 1, 1, 1])).toEqual([0, 1, 1, 0, 1, 1, 0, 0, 0, 0]);
});

test("FLOPs of the experts are those of the pairs, not of all experts", () => {
  const flops = (layer: string): number => costsOf(graphOf(alone(layer))).scopes[`decoder.${layer.slice(0, 3)}`].flops;
  // More experts cost their column of the router (2 D) and of its softmax (5).
  expect(flops("moe(8, 64, silu)") - flops("moe(2, 64, silu)")).toBeCloseTo(6 * B * T * (2 * D + 5), 6);
  // Two choices, so twice an mlp: beside it the router, and the weighted sum of the two results.
  expect(flops("moe(2, 64, silu)") - 2 * flops("mlp(64, silu, gated: on, bias: off)")).toBeCloseTo(B * T * (2 * (2 * D + 5) + 2 * 2 + 2 * 2 * D), 6);
});

test("generation with a cache is reading the whole text anew", async () => {
  const architecture = architectureOf(`decoder { embed: tokens(${vocab}, 8) + learned_positions(12) repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm moe(4, 16, silu, load_balancing: 0.1) } } rmsnorm } head lm { tied }`);
  const window = 12;
  const [head] = architecture.heads;
  const prefill = prefillGraph(architecture, head, { lengthOf: () => window });
  const session = await openSession("wasm");
  const weights = new Map([...weightsOf(instancesOf(architecture, architecture.heads))].map(({ name, spec }) => [name, session.upload(Float32Array.from(normals(sizeOf(spec.shape), seed, name)), spec.shape)]));
  const before = session.memory();
  const [[{ ids: made }]] = await generate(session, sourceOf(architecture, head, null), weights, [[3, 1, 4]], { decoding: { word: "greedy", arguments: {} }, tokens: 9, seed: 1 });
  const ids = [3, 1, 4];
  for (const id of made) {
    const row = (value: (at: number) => number): Int32Array => Int32Array.from({ length: window }, (_, at) => value(at));
    const feeds = new Map([...weights, ["tokens", row((at) => ids[at] ?? 5)], ["positions", row((at) => at)], ["real", row((at) => Number(at < ids.length))], ["last", Int32Array.of(ids.length - 1)]] as [string, never][]);
    const results = session.program(prefill).run(feeds);
    const logits = await session.read(results.get("logits")!);
    session.dispose(results.values());
    expect(id).toBe(logits.indexOf(Math.max(...logits)));
    ids.push(id);
  }
  expect(new Set(made).size, "not one token over and over").toBeGreaterThan(2);
  expect(session.memory()).toEqual(before);
  session.dispose(weights.values());
});
