// Runs under adaptations: their plans, what of the weights a run changes, resuming, and merging what was learned.

import { join } from "node:path";
import { expect, test } from "vitest";
import { mergedWeights, placeholderIds, placeholdersOf } from "../../compiler/adapt.ts";
import type { Architecture } from "../../compiler/architecture.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import { emit } from "../../compiler/phases/6-emit.ts";
import type { Call, Plan } from "../../compiler/plan/schema.ts";
import { listCheckpoints } from "../../runtime/checkpoints/checkpoint.ts";
import { readSafetensors, toFloat32 } from "../../runtime/checkpoints/safetensors.ts";
import { openSession } from "../../runtime/session.ts";
import { trainPlan } from "../../runtime/training/loop.ts";
import { initialParameters } from "../../runtime/training/parameters.ts";
import { checkText } from "../harness/compiling.ts";
import { endOf, makeBase } from "../training/folders.ts";

const [width, vocab, layers] = [16, 258, 2];
const spec = `model tiny(width, vocab, layers) {
  decoder {
    embed: tokens(vocab, width) + learned_positions(16)
    repeat layers { residual { layernorm attention(2, mask: causal) } residual { layernorm mlp(3 * width, gelu) } }
    layernorm
  }
  head lm { tied }
}
data texts { files: "data.txt"  format: lines }
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
pretrain small {
  model: tiny(width: ${width}, layers: ${layers})  tokenizer: letters  data: texts  objective: causal_lm  length: 16
  batch: 4 examples  train: 6 steps  optimizer: adamw(lr: 1e-2)  checkpoint { every: 2 steps }  seed: 3
}
`;

const lora: Call = { word: "lora", arguments: { rank: 2, alpha: 4, targets: ["query", "down"], dropout: 0.1 } };
const prompt: Call = { word: "prompt", arguments: { length: 3 } };

function planUnder(adapt: Call | null): Plan {
  const { runs, context, diagnostics } = checkText(spec);
  expect(diagnostics).toEqual([]);
  return emit({ ...runs.get("small")!, adapt }, context)!;
}

const trainedOf = (plan: Plan): string[] => plan.parameters.filter(({ trainable }) => trainable).map(({ name }) => name);

test("a plan under LoRA: trainable parameters, state and gradients of them alone, counts by formula", () => {
  const plan = planUnder(lora);
  const whole = planUnder(null);
  const trained = trainedOf(plan);
  expect(trained).toHaveLength(2 * 2 * layers);
  const count = layers * 2 * (2 * width + (width + 3 * width));
  expect(plan.costs.parameters).toEqual({ total: whole.costs.parameters.total + count, trainable: count });
  expect(Object.keys(plan.graphs.train.outputs).filter((name) => name.startsWith("gradient:"))).toEqual(trained.map((name) => `gradient:${name}`));
  expect(Object.keys(plan.graphs.update.outputs).filter((name) => !name.startsWith("state:") && name !== "gradient_norm").sort()).toEqual([...trained].sort());
  expect(plan.costs.memory.optimizer).toBe(2 * 4 * count);
  expect(plan.costs.flops.train_per_token).toBeLessThan(0.8 * whole.costs.flops.train_per_token);
});

test("the backward pass makes no gradient of a frozen table or matrix", () => {
  const { graphs: { train }, parameters } = planUnder(lora);
  const made = new Set(train.nodes.flatMap((node) => node.outputs.map((value) => train.values[value].shape.join())));
  const learned = new Set(parameters.filter(({ trainable }) => trainable).map(({ shape }) => shape.join()));
  for (const { name, shape, trainable } of parameters) if (!trainable && shape.length === 2 && !learned.has(shape.join())) expect(made.has(shape.join()), name).toBe(false);
  expect(train.nodes.some((node) => node.op === "linear_cross_entropy_gradient")).toBe(true);
});

const savedIn = async (folder: string): Promise<Map<string, Float32Array>> => new Map([...(await readSafetensors(join(listCheckpoints(folder).at(-1)!.folder, "weights.safetensors")))].map(([name, tensor]) => [name, toFloat32(tensor)]));

test.each([["lora", lora], ["prompt", prompt], ["bias", { word: "bias", arguments: {} }], ["last", { word: "last", arguments: { layers: 1 } }], ["adapter", { word: "adapter", arguments: { width: 4, activation: { word: "gelu", arguments: {} } } }]] as const)("%s: what is frozen keeps its bytes, what is trained changes, and resuming is exact", async (_, adapt) => {
  const plan = planUnder(adapt);
  const [base, folder] = [makeBase(), "runs/whole"];
  await trainPlan(plan, { folder: join(base, folder), base, backend: "wasm" });
  const saved = await savedIn(join(base, folder));
  const start = initialParameters(plan);
  const trained = new Set(trainedOf(plan));
  expect([...saved.keys()].sort()).toEqual(plan.parameters.map(({ name }) => name).sort());
  for (const [name, values] of saved) {
    const before = Buffer.from(start.get(name)!.data.buffer);
    expect(Buffer.from(values.buffer, values.byteOffset, values.byteLength).equals(before), name).toBe(!trained.has(name));
  }

  const controller = new AbortController();
  const second = join(base, "runs/second");
  await trainPlan(plan, { folder: second, base, backend: "wasm", signal: controller.signal, emit: (event) => event.event === "step" && event.step === 3 && controller.abort() });
  await trainPlan(plan, { folder: second, base, backend: "wasm" });
  expect(endOf(second)).toEqual(endOf(join(base, folder)));
});

test("merged weights of a run are those of its plain model, which computes the same", async () => {
  const plan = planUnder(lora);
  const plain = planUnder(null);
  const base = makeBase();
  await trainPlan(plan, { folder: join(base, "runs/run"), base, backend: "wasm" });
  const saved = await savedIn(join(base, "runs/run"));
  const weights = new Map(plan.parameters.map(({ name, shape }) => [name, { shape, data: saved.get(name)! }]));
  const merged = mergedWeights(weights, lora)!;
  expect([...merged].map(([name, { shape }]) => [name, shape])).toEqual(plain.parameters.map(({ name, shape }) => [name, shape]));
  const session = await openSession("wasm");
  const sum = async ({ graphs: { evaluate } }: Plan, values: typeof merged): Promise<number> => {
    const feeds = new Map(Object.entries(evaluate.inputs).map(([name, value]) => {
      const { shape, dtype } = evaluate.values[value];
      const known = values.get(name)?.data;
      const numbers = Array.from({ length: sizeOf(shape) }, (_, i) => (dtype === "float32" || name === "real" ? 1 : name === "positions" ? i % 16 : (7 * i) % 250));
      return [name, known ?? (dtype === "int32" ? Int32Array.from(numbers) : Float32Array.from(numbers))] as const;
    }));
    const results = session.program(evaluate).run(feeds);
    const [value] = await session.read(results.get("sum:lm")!);
    session.dispose(results.values());
    return value;
  };
  const [adaptedSum, mergedSum, untouched] = [await sum(plan, weights), await sum(plain, merged), await sum(plain, new Map([...weights].filter(([name]) => !name.includes("lora"))))];
  expect(Math.abs(adaptedSum - mergedSum) / adaptedSum).toBeLessThan(1e-6);
  expect(Math.abs(untouched - mergedSum) / mergedSum).toBeGreaterThan(1e-4);
});

test("layers that were added cannot be merged; frozen weights need none", () => {
  expect(mergedWeights(new Map(), prompt)).toBeNull();
  expect(mergedWeights(new Map(), { word: "adapter", arguments: {} })).toBeNull();
  const weights = new Map([["a", { shape: [1], data: Float32Array.of(1) }]]);
  expect(mergedWeights(weights, { word: "bias", arguments: {} })).toBe(weights);
  expect(mergedWeights(weights, null)).toBe(weights);
});

test("a prompt takes the front of the text, with tokens spread over the vocabulary", () => {
  const architecture: Architecture = checkText(spec).runs.get("small")!.architecture;
  expect(placeholdersOf(architecture, prompt)).toEqual({ stack: "decoder", length: 3 });
  expect(placeholdersOf(architecture, lora)).toBeNull();
  expect(placeholderIds({ length: 3 }, vocab)).toEqual([43, 129, 215]);
  expect(placeholderIds({ length: 2 }, 50_257)).toEqual([1_250, 3_750]);
});

test("a prompt is read while prefilling and no longer while decoding", () => {
  const { graphs } = planUnder(prompt);
  const name = "decoder.embed.prompt.weight";
  expect(Object.keys(graphs.prefill!.inputs)).toContain(name);
  const input = graphs.decode!.inputs[name];
  expect(graphs.decode!.nodes.some((node) => node.inputs.includes(input))).toBe(false);
});
