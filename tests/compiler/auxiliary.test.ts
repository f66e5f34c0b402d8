// The balance of experts: its formula, padding, pooling, and what it does to a run and in training.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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
import type { Batch } from "../../runtime/data/fields.ts";
import { chooseBackend } from "../../runtime/backends/_choose.ts";
import { openPlan } from "../../runtime/runs/open.ts";
import { openSession } from "../../runtime/session.ts";
import { trainPlan } from "../../runtime/training/loop.ts";
import { initialParameters, initialState } from "../../runtime/training/parameters.ts";
import { createTrainer } from "../../runtime/training/trainer.ts";
import { newFolder } from "../harness/cli.ts";
import { planOf } from "../harness/compiling.ts";
import { normals } from "../harness/random.ts";
import { smallSpec } from "../harness/small-spec.ts";
import { batchOf } from "../objectives/plans.ts";

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
  const limited = "moe(4, width, silu, load_balancing: 0.01, capacity: 1.2)";
  expect(micro(spec(limited))).toBe(64);
  expect(() => micro(spec(limited, "memory: 1 MB"))).toThrow("PT6101");
});

/** `native`, where it could be built. */
const fastest = (await chooseBackend(undefined)) === "native" ? ["native"] : [];

describe("balance in micro-batches", () => {
  const spec = (memory: string): string => smallSpec.replace("residual { rmsnorm mlp(4 * width, gelu) }", "residual { rmsnorm moe(4, width, silu, load_balancing: 0.3) dropout(10%) }").replace("batch: 4 examples", `batch: 8 examples\n  ${memory}`);
  const [whole, split] = ["", "memory: 0.35 MB"].map((memory) => planOf(spec(memory), { run: "small" }));
  const padded = (count: number): Batch => {
    const random = randomStream(7, "tokens");
    const lengths = Array.from({ length: count }, (_, i) => 16 - ((5 * i) % 11));
    const each = (of: (example: number, place: number) => number): Int32Array => Int32Array.from({ length: 16 * count }, (_, i) => of(Math.floor(i / 16), i % 16));
    const real = each((example, place) => (place < lengths[example] ? 1 : 0));
    return {
      ...batchOf(count, { tokens: each(() => random.below(256)), positions: each((_, place) => place), real, last: Int32Array.from(lengths, (length) => length - 1), "lm.targets": each(() => random.below(256)), "lm.weights": Float32Array.from(real) }),
      counts: { lm: lengths.reduce((sum, length) => sum + length, 0) },
    };
  };

  test("the plan passes through the batch twice only where it is split", () => {
    expect([whole.batch.micro, whole.graphs.statistics]).toEqual([8, null]);
    expect(split.batch.micro).toBeLessThan(8);
    expect(Object.keys(split.graphs.statistics!.outputs)).toEqual(["balance:0.choices"]);
    expect(split.graphs.train.inputs).toHaveProperty(["balance:0.choices"]);
    expect(split.costs.flops.train_per_token).toBeGreaterThan(1.1 * whole.costs.flops.train_per_token);
  });

  test.each(["cpu", "wasm", ...fastest])("%s: loss and gradients are those of the whole batch", async (backend) => {
    const session = await openSession(backend);
    const results = await Promise.all([whole, split].map(async (plan) => {
      const trainer = createTrainer(session, plan, initialParameters(whole), initialState(whole));
      const { loss, gradients } = await trainer.gradients(padded(8), 3, 16);
      const values = new Map(await Promise.all([...gradients].map(async ([name, handle]) => [name, await session.read(handle)] as const)));
      trainer.discard(gradients);
      trainer.dispose();
      return { loss, values };
    }));
    expect(Math.abs(results[1].loss / results[0].loss - 1)).toBeLessThan(1e-6);
    for (const [name, gradient] of results[0].values) {
      const other = results[1].values.get(name)!;
      const scale = Math.max(1e-4, ...gradient.map(Math.abs));
      for (let i = 0; i < gradient.length; i++) expect(Math.abs(gradient[i] - other[i]) / scale, name).toBeLessThan(2e-5);
    }
    // The balance has a part in it: without, the router's gradient is another.
    const free = planOf(spec("memory: 0.35 MB").replace("load_balancing: 0.3", "load_balancing: 0"), { run: "small" });
    const trainer = createTrainer(session, free, initialParameters(whole), initialState(whole));
    const { gradients } = await trainer.gradients(padded(8), 3, 16);
    const router = [...results[0].values.keys()].find((name) => name.includes("router"))!;
    const without = await session.read(gradients.get(router)!);
    const balanced = results[0].values.get(router)!;
    expect(Math.max(...balanced.map((value, i) => Math.abs(value - without[i])))).toBeGreaterThan(0.01 * Math.max(...balanced.map(Math.abs)));
    trainer.discard(gradients);
    trainer.dispose();
  });

  test("Mixtral at a large batch keeps a comfortable micro-batch", () => {
    const plan = planOf(`import { mixtral } from "ptarmigan/mixtral.pt"
data novels { files: "texts/*.txt" }
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
pretrain large {
  model: mixtral(layers: 4, width: 512, heads: 8, kv_heads: 2, hidden: 1_024, load_balancing: 0.02)
  tokenizer: letters
  data: novels
  objective: causal_lm
  length: 512
  batch: 512 examples
  train: 10 steps
  optimizer: adamw(lr: 1e-3)
}
`);
    expect(plan.batch.micro).toBeLessThan(512);
    expect(plan.costs.memory.activations).toBeLessThan(2e9);
    expect(plan.graphs.statistics).not.toBeNull();
  });

  test("interrupted and resumed, a split run ends with the same bytes", async () => {
    const folder = newFolder({ "main.pt": spec("memory: 0.35 MB").replace("split {", "split { by: position "), "texts/a.txt": "One line.\nAnd another, longer one.\n".repeat(20), "texts/b.txt": "Call me what you like.\n".repeat(20) });
    try {
      const { plan } = await openPlan("main.pt", { cwd: folder, run: "small" });
      expect(plan.graphs.statistics).not.toBeNull();
      const stop = new AbortController();
      const run = (name: string, more: Partial<Parameters<typeof trainPlan>[1]> = {}) => trainPlan(plan, { folder: join(folder, name), base: folder, backend: "wasm", ...more });
      await run("whole");
      await run("stopped", { signal: stop.signal, emit: (event) => event.event === "step" && event.step === 4 && stop.abort() });
      expect((await run("stopped")).status).toBe("done");
      for (const file of ["checkpoints/step-000010/weights.safetensors", "checkpoints/step-000010/optimizer.safetensors", "metrics.jsonl"]) {
        expect(readFileSync(join(folder, "stopped", file)).equals(readFileSync(join(folder, "whole", file))), file).toBe(true);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
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
