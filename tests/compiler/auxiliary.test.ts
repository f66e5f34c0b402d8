// The balance of experts: its formula, padding, pooling, and what it does to a run and in training.

import { expect, test } from "vitest";
import type { Architecture } from "../../compiler/architecture.ts";
import { auxiliaryLoss, withAuxiliary } from "../../compiler/auxiliary.ts";
import { createBuilder } from "../../compiler/graph/builder.ts";
import { evaluateGraph } from "../../compiler/graph/evaluate.ts";
import { planParameters } from "../../compiler/graphs.ts";
import type { Note } from "../../compiler/layers/define.ts";
import { callModel } from "../../compiler/model-call.ts";
import { adamw } from "../../compiler/optimizers/adamw.ts";
import { buildUpdate, stateOf } from "../../compiler/optimizers/_update.ts";
import { forward, type Forward } from "../../compiler/phases/3-build.ts";
import { differentiate } from "../../compiler/phases/4-differentiate.ts";
import { optimize } from "../../compiler/phases/5-optimize.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import { randomStream } from "../../compiler/random.ts";
import { check } from "../../runtime/index.ts";
import { openSession } from "../../runtime/session.ts";
import { planOf } from "../harness/compiling.ts";
import { normals } from "../harness/random.ts";
import { smallSpec } from "../harness/small-spec.ts";

/** Notes as layers would leave them: per layer probabilities [N, E], choices and what is real. */
function lossOf(layers: readonly { readonly probabilities: number[][]; readonly choice: number[][]; readonly real?: number[]; readonly coefficient?: number }[]): number {
  const b = createBuilder();
  const feeds = new Map<string, Float64Array | Int32Array>();
  const input = (name: string, shape: number[], values: number[], dtype: "float32" | "int32") => {
    feeds.set(name, dtype === "int32" ? Int32Array.from(values) : Float64Array.from(values));
    return b.input(name, { shape, dtype });
  };
  const notes = layers.map(({ probabilities, choice, real, coefficient = 1 }, i): Note => ({
    kind: "load_balancing", coefficient,
    values: {
      probabilities: input(`p${i}`, [probabilities.length, probabilities[0].length], probabilities.flat(), "float32"),
      choice: input(`c${i}`, [choice.length, choice[0].length], choice.flat(), "int32"),
      real: real ? input(`r${i}`, [real.length], real, "int32") : null,
    },
  }));
  b.output("loss", auxiliaryLoss({ b, notes } as unknown as Forward)!);
  return evaluateGraph(b.finish(), feeds).get("loss")![0];
}

const even = [[0.5, 0.5], [0.5, 0.5]];

test("by hand", () => {
  // Equally busy: the number of choices.
  expect(lossOf([{ probabilities: even, choice: [[0], [1]] }])).toBeCloseTo(1, 12);
  expect(lossOf([{ probabilities: even, choice: [[0, 1], [1, 0]] }])).toBeCloseTo(2, 12);
  // All to expert 0 with certainty: E.
  expect(lossOf([{ probabilities: [[1, 0], [1, 0]], choice: [[0], [0]] }])).toBeCloseTo(2, 12);
  // 2 · (3/4 · 0.6 + 1/4 · 0.4)
  expect(lossOf([{ probabilities: [[0.7, 0.3], [0.6, 0.4], [0.8, 0.2], [0.3, 0.7]], choice: [[0], [0], [0], [1]] }])).toBeCloseTo(1.1, 12);
});

test("padding counts nothing; layers are pooled before they are multiplied, coefficients kept apart", () => {
  const first = { probabilities: [[0.9, 0.1], [0.2, 0.8]], choice: [[0], [1]], real: [1, 0] };
  expect(lossOf([first])).toBeCloseTo(2 * 0.9, 12);
  const second = { probabilities: [[0.3, 0.7], [0.4, 0.6]], choice: [[1], [1]], real: [1, 1] };
  // Of three real tokens one chose expert 0 and two expert 1; the mean probabilities are 1.6/3 and 1.4/3.
  expect(lossOf([first, second])).toBeCloseTo((2 * (1 * 1.6 + 2 * 1.4)) / 9, 12);
  expect(lossOf([{ ...first, coefficient: 0.5 }, { ...second, coefficient: 0.1 }])).toBeCloseTo(0.5 * 1.8 + 0.1 * 2 * 0.65, 12);
});

test("no notes, no loss", () => {
  expect(auxiliaryLoss({ b: createBuilder(), notes: [] } as unknown as Forward)).toBeNull();
});

test("a batch whose examples are coupled is never split", () => {
  // With so little memory a run would take one example at a time.
  const spec = (layer: string, memory = "") => smallSpec.replace("mlp(4 * width, gelu)", layer).replace("batch: 4 examples", `batch: 64 examples\n  ${memory}`);
  const micro = (text: string): number => planOf(text, { run: "small" }).batch.micro;
  expect(micro(spec("moe(4, width, silu)", "memory: 1 MB"))).toBeLessThan(64);
  for (const layer of ["moe(4, width, silu, load_balancing: 0.01)", "moe(4, width, silu, capacity: 1.2)"]) {
    expect(micro(spec(layer))).toBe(64);
    expect(() => micro(spec(layer, "memory: 1 MB"))).toThrow("PT6101");
  }
});

/** A model of two mixtures over a batch of random tokens that it is to learn by heart. */
const [B, T, vocab, experts] = [4, 8, 24, 4];
function modelOf(balance: number): Architecture {
  const text = `model mix { decoder { embed: tokens(${vocab}, 16) + learned_positions(${T}) repeat 2 { residual { rmsnorm attention(2, mask: causal) } residual { rmsnorm moe(${experts}, 16, silu, load_balancing: ${balance}) } } rmsnorm } head lm { tied } }\n`;
  const called = callModel("mix", check(text));
  if ("diagnostics" in called) throw new Error(called.diagnostics.map((one) => one.message).join("\n"));
  return called.architecture;
}

async function trained(balance: number, steps: number): Promise<{ first: number; last: number; busiest: number }> {
  const architecture = modelOf(balance);
  const pass = forward(architecture, architecture.heads, { batch: B, size: () => ({ length: T }), pack: false, padding: false, training: true });
  const { b } = pass;
  const logits = pass.head(architecture.heads[0]);
  const [targets, weights] = [b.input("targets", { shape: [B, T], dtype: "int32" }), b.constant({ shape: [B, T], value: 1 / (B * T) })];
  const [own] = b.cross_entropy(logits, targets, weights);
  b.output("own", own);
  pass.notes.forEach(({ values }, i) => b.output(`choices:${i}`, b.choice_counts(values.choice, null, { experts })));
  const loss = withAuxiliary(pass, own);
  const parameters = planParameters(architecture, architecture.heads);
  const outputs = b.finish().outputs;
  const whole = createBuilder(b.finish());
  for (const [name, value] of Object.entries(outputs)) whole.output(name, value);
  differentiate(whole, loss, parameters.map(({ name }) => pass.weights.get(name)!)).forEach((gradient, i) => whole.output(`gradient:${parameters[i].name}`, gradient!));
  const args = { lr: 0.01, betas: [0.9, 0.98], eps: 1e-8, weight_decay: 0, decay: "everything", clip: 1 };
  const update = createBuilder();
  buildUpdate(update, parameters, adamw, args);

  const session = await openSession("wasm");
  const [train, apply] = [session.program(optimize(whole.finish())), session.program(optimize(update.finish()))];
  const stream = randomStream(5, "tokens");
  const draw = (): Int32Array => Int32Array.from({ length: B * T }, () => stream.below(vocab));
  const feeds = { tokens: draw(), targets: draw(), positions: Int32Array.from({ length: B * T }, (_, i) => i % T) };
  const read = async (handles: ReadonlyMap<string, never>): Promise<Map<string, Float32Array>> => {
    const data = new Map<string, Float32Array>();
    for (const [name, handle] of handles) data.set(name, (await session.read(handle)) as Float32Array);
    session.dispose(handles.values());
    return data;
  };
  let values: Map<string, Float32Array> = new Map(parameters.map(({ name, shape }) => [name, shape.length === 1 ? new Float32Array(sizeOf(shape)).fill(1) : Float32Array.from(normals(sizeOf(shape), 3, name), (x) => x / Math.sqrt(shape[1]))]));
  // All tokens have feature 0 in common, and expert 0 likes it: without balance it stays everyone's choice.
  for (const { name } of parameters) if (name.endsWith("tokens.weight")) values.get(name)!.forEach((_, i, all) => i % 16 === 0 && (all[i] = 1));
  for (const { name } of parameters) if (name.endsWith("router.weight")) values.get(name)![0] = 2;
  for (const parameter of parameters) for (const entry of stateOf(adamw, args, parameter)) values.set(entry.name, new Float32Array(sizeOf(entry.shape)).fill(entry.value));
  const losses: number[] = [];
  let busiest = 0;
  for (let step = 0; step < steps; step++) {
    const results = await read(train.run(new Map<string, Float32Array | Int32Array>([...values, ...Object.entries(feeds)])) as never);
    losses.push(results.get("own")![0]);
    // The share of the busiest expert, the mean over layers; even is 1 / experts.
    busiest = [0, 1].reduce((sum, i) => sum + Math.max(...(results.get(`choices:${i}`) ?? [NaN])) / (2 * 2 * B * T), 0);
    const gradients = [...results].filter(([name]) => name.startsWith("gradient:"));
    values = await read(apply.run(new Map([...values, ...gradients, ["rate", Float32Array.of(0.01)], ["step", Float32Array.of(step + 1)]])) as never);
    values.delete("gradient_norm");
  }
  return { first: losses[0], last: losses.at(-1)!, busiest };
}

test("a mixture learns one batch by heart, and its experts are busier alike with balance", async () => {
  // Next to nothing, so that the choices are noted.
  const free = await trained(1e-9, 90);
  const balanced = await trained(0.5, 90);
  for (const { first, last } of [free, balanced]) {
    expect(first).toBeGreaterThan(0.8 * Math.log(vocab));
    expect(last).toBeLessThan(0.1);
  }
  expect(balanced.busiest).toBeLessThan(0.32);
  expect(free.busiest).toBeGreaterThan(balanced.busiest + 0.03);
});
