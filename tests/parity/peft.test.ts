// LoRA, preference losses and label smoothing as in the fixtures: outputs, losses, gradients, merged weights, optimizer steps.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { adapted, mergedWeights } from "../../compiler/adapt.ts";
import { trainedWeights } from "../../compiler/apply.ts";
import { createBuilder } from "../../compiler/graph/builder.ts";
import { evaluateGraph } from "../../compiler/graph/evaluate.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import { buildUpdate, stateOf } from "../../compiler/optimizers/_update.ts";
import { adamw } from "../../compiler/optimizers/adamw.ts";
import { differentiate } from "../../compiler/phases/4-differentiate.ts";
import { optimize } from "../../compiler/phases/5-optimize.ts";
import { preferenceLoss } from "../../compiler/preference.ts";
import { checkInputs } from "../../runtime/apply/inputs.ts";
import { openModel, type AppliedModel } from "../../runtime/apply/model.ts";
import { chooseApplication, headsFor, prepareCall } from "../../runtime/apply/run.ts";
import { readSafetensors, toFloat32 } from "../../runtime/checkpoints/safetensors.ts";
import { exported } from "../../runtime/huggingface/export.ts";
import { testedBackends } from "../harness/tested-backends.ts";
import { backendMachine, distance, goldens, oracle, readFixture, type Machine, type Numbers } from "./fixtures.ts";

const folder = `${goldens}/peft`;
const there = existsSync(`${folder}/lora.json`);
if (!there) test.skip(`no fixtures in ${folder} (PT_GOLDENS)`, () => {});

const machines = [oracle];
for (const { word, available } of there ? testedBackends : []) if ((await available()) === null) machines.push(await backendMachine(word));

interface LoraCase {
  readonly rank: number; readonly alpha: number; readonly loss_float64: number; readonly base_loss: number; readonly trainable_parameters: number;
  readonly adamw: { readonly lr: number; readonly betas: readonly number[]; readonly eps: number; readonly weight_decay: number; readonly losses_float64: readonly number[] };
}

const tensors = async (file: string): Promise<Map<string, Float32Array>> => new Map([...(await readSafetensors(`${folder}/lora_${file}.safetensors`))].map(([name, tensor]) => [name, toFloat32(tensor)]));

/** `h.0.q.A` as our name. */
const ours = (name: string): string => name.replace(/^h\.(\d+)\.([qv])\.([AB])$/, (_, i: string, map: string, side: string) => `decoder.layers.${i}.attention.${map === "q" ? "query" : "value"}.lora_${side.toLowerCase()}`);

/** Half a unit of a float32 of this size, with room for some sums of them. */
const float32Noise = 2e-5;

describe.runIf(there)("LoRA on gpt2-clm", async () => {
  const wanted = JSON.parse(readFileSync(`${folder}/lora.json`, "utf8")) as LoraCase;
  const base = await openModel(`${goldens}/models/gpt2-clm`, { cwd: goldens });
  const adapters = new Map([...(await tensors("adapters"))].map(([name, data]) => [ours(name), data]));
  const problems: unknown[] = [];
  const lora = { word: "lora", arguments: { rank: wanted.rank, alpha: wanted.alpha, targets: ["query", "value"], dropout: 0 } };
  const { architecture, heads } = adapted(base.architecture, base.heads, lora, (...problem) => problems.push(problem))!;
  const trained = trainedWeights(architecture, heads);
  const shapes = new Map([...adapters].map(([name, data]) => [name, name.endsWith("_a") ? [wanted.rank, data.length / wanted.rank] : [data.length / wanted.rank, wanted.rank]]));
  const weights = new Map([...base.weights, ...[...adapters].map(([name, data]) => [name, { shape: shapes.get(name)!, data }] as const)]);
  const model: AppliedModel = { ...base, architecture, heads, weights, trained };

  const callOf = async (one: AppliedModel, gradients: boolean) => {
    const fixture = await readFixture("gpt2-clm");
    const definition = chooseApplication(one, undefined, fixture.folder);
    const inputs = checkInputs(fixture.inputs, "inputs.json", one.architecture, headsFor(definition, one.heads), definition, one.padding);
    return prepareCall(one, definition, inputs, gradients);
  };
  const feedsOf = (one: AppliedModel) => [...one.weights].map(([name, { data }]): [string, Numbers] => [name, data]);
  const close = (actual: number, expected: number, machine: Machine, what: string): void => expect(Math.abs(actual - expected), what).toBeLessThan((machine.float64 ? 2e-7 : float32Noise) * Math.abs(expected));

  test("trains the two matrices of each target, and nothing else", () => {
    expect(problems).toEqual([]);
    expect([...trained].sort()).toEqual([...adapters.keys()].sort());
    expect([...trained].reduce((sum, name) => sum + sizeOf(weights.get(name)!.shape), 0)).toBe(wanted.trainable_parameters);
  });

  test.each(machines)("logits, loss, gradients and steps on $name", async (machine) => {
    const { graph, feeds } = await callOf(model, true);
    const run = (values: Iterable<[string, Numbers]>) => machine.run(graph, new Map([...feeds, ...values].filter(([name]) => Object.hasOwn(graph.inputs, name))));
    const outputs = await tensors("outputs");
    let results = await run(feedsOf(model));
    expect(distance(results.get("logits")!, outputs.get("logits")!).largest).toBeLessThan(1e-5);
    close(results.get("loss")![0], wanted.loss_float64, machine, "loss");

    const gradients = await tensors("gradients");
    expect([...results.keys()].filter((name) => name.startsWith("gradient:")).sort()).toEqual([...gradients.keys()].map((name) => `gradient:${ours(name)}`).sort());
    for (const [name, gradient] of gradients) {
      const { difference, norm } = distance(results.get(`gradient:${ours(name)}`)!, gradient);
      expect(difference / norm, name).toBeLessThan(1e-5);
    }

    const { lr, betas, eps, weight_decay, losses_float64 } = wanted.adamw;
    const args = { lr, betas, eps, weight_decay, decay: "everything", clip: false };
    const parameters = [...trained].map((name) => ({ name, shape: weights.get(name)!.shape, trainable: true, decay: true }));
    const b = createBuilder();
    buildUpdate(b, parameters, adamw, args);
    const update = optimize(b.finish());
    const float = machine.float64 ? Float64Array : Float32Array;
    let learned = new Map<string, Numbers>([...adapters, ...parameters.flatMap((parameter) => stateOf(adamw, args, parameter)).map((entry): [string, Numbers] => [entry.name, new float(sizeOf(entry.shape)).fill(entry.value)])]);
    for (const [step, loss] of losses_float64.entries()) {
      close(results.get("loss")![0], loss, machine, `loss after ${step} steps`);
      const found = [...results].filter(([name]) => name.startsWith("gradient:"));
      learned = await machine.run(update, new Map([...learned, ...found, ["rate", float.of(lr)], ["step", float.of(step + 1)]]));
      learned.delete("gradient_norm");
      results = await run([...feedsOf(base), ...learned]);
    }
  });

  test.each(machines)("merged into the weights on $name", async (machine) => {
    const plain = mergedWeights(weights, lora)!;
    expect([...plain.keys()]).toEqual([...base.weights.keys()]);
    const { graph, feeds } = await callOf(base, false);
    const outputs = await tensors("outputs");
    const results = await machine.run(graph, new Map([...feeds, ...[...plain].map(([name, { data }]): [string, Numbers] => [name, data])]));
    expect(distance(results.get("logits")!, outputs.get("merged_logits")!).largest).toBeLessThan(1e-5);
    close(results.get("loss")![0], wanted.loss_float64, machine, "loss");
    const files = exported(architecture.maps.find((map) => map.name === "huggingface")!, plain).tensors;
    for (const i of [0, 1]) {
      const theirs = files.get(`transformer.h.${i}.attn.c_attn.weight`)!;
      expect(distance(toFloat32(theirs), outputs.get(`h.${i}.c_attn.merged_weight`)!).largest).toBeLessThan(1e-7);
    }
  });

  test("with B at 0 the model computes what it did", async () => {
    const zero = new Map([...weights].map(([name, weight]) => [name, name.endsWith("lora_b") ? { ...weight, data: new Float32Array(weight.data.length) } : weight]));
    const [before, after] = await Promise.all([base, { ...model, weights: zero }].map(async (one) => {
      const { graph, feeds } = await callOf(one, false);
      return oracle.run(graph, new Map([...feeds, ...feedsOf(one)]));
    }));
    expect(after.get("logits")).toEqual(before.get("logits"));
    close(after.get("loss")![0], wanted.base_loss, oracle, "loss");
  });
});

interface Preference {
  readonly beta: number; readonly label_smoothing: number;
  readonly policy_chosen: readonly number[]; readonly policy_rejected: readonly number[]; readonly reference_chosen: readonly number[]; readonly reference_rejected: readonly number[];
  readonly losses: readonly number[]; readonly loss: number; readonly gradient_policy_chosen: readonly number[]; readonly gradient_policy_rejected: readonly number[];
  readonly rewards_chosen: readonly number[]; readonly rewards_rejected: readonly number[]; readonly accuracy: number; readonly ipo_losses: readonly number[]; readonly ipo_loss: number;
}

describe.runIf(there)("preferences", () => {
  const { cases } = there ? (JSON.parse(readFileSync(`${folder}/dpo.json`, "utf8")) as { cases: Preference[] }) : { cases: [] };
  const near = (actual: ArrayLike<number>, expected: readonly number[]): void => {
    expect(actual.length).toBe(expected.length);
    expected.forEach((value, i) => expect(Math.abs(actual[i] - value)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value))));
  };

  test.each(cases.map((one, i) => ({ one, i })))("case $i", ({ one }) => {
    const count = one.losses.length;
    for (const loss of ["sigmoid", "ipo"] as const) {
      const b = createBuilder();
      const input = (name: string) => b.input(name, { shape: [count], dtype: "float32" });
      const policy = { chosen: input("policy_chosen"), rejected: input("policy_rejected") };
      const reference = { chosen: input("reference_chosen"), rejected: input("reference_rejected") };
      const { sum, losses, rewards } = preferenceLoss(b, { policy, reference, weights: input("weights") }, { beta: one.beta, label_smoothing: one.label_smoothing, loss });
      const mean = b.scale(sum, { factor: 1 / count });
      const [chosen, rejected] = differentiate(b, mean, [policy.chosen, policy.rejected]);
      for (const [name, value] of Object.entries({ mean, losses, chosen: rewards.chosen, rejected: rewards.rejected, dchosen: chosen!, drejected: rejected! })) b.output(name, value);
      const names = ["policy_chosen", "policy_rejected", "reference_chosen", "reference_rejected"] as const;
      const values = evaluateGraph(optimize(b.finish()), new Map([...names.map((name) => [name, Float64Array.from(one[name])] as const), ["weights", new Float64Array(count).fill(1)]]));
      near(values.get("losses")!, loss === "ipo" ? one.ipo_losses : one.losses);
      near(values.get("mean")!, [loss === "ipo" ? one.ipo_loss : one.loss]);
      if (loss === "ipo") continue;
      near(values.get("dchosen")!, one.gradient_policy_chosen);
      near(values.get("drejected")!, one.gradient_policy_rejected);
      const [c, r] = [values.get("chosen")!, values.get("rejected")!];
      near(c, one.rewards_chosen);
      near(r, one.rewards_rejected);
      expect(Array.from(c).filter((reward, i) => reward > r[i]).length / count).toBeCloseTo(one.accuracy, 12);
    }
  });
});

interface Smoothed { readonly logits: readonly (readonly number[])[]; readonly labels: readonly number[]; readonly label_smoothing: number; readonly loss: number; readonly gradient: readonly (readonly number[])[] }

/** −(1 − e) log p_y − e · mean_v log p_v: the cross-entropy with a label and the divergence from the uniform distribution, which lies log V below. */
describe.runIf(there)("label smoothing from a cross-entropy and a divergence", () => {
  const { cases } = there ? (JSON.parse(readFileSync(`${folder}/label_smoothing_z_loss.json`, "utf8")) as { cases: Smoothed[] }) : { cases: [] };

  test.each(cases.map((one, i) => ({ one, i })))("case $i", ({ one }) => {
    const [rows, V] = [one.logits.length, one.logits[0].length];
    const b = createBuilder();
    const logits = b.input("logits", { shape: [rows, V], dtype: "float32" });
    const weights = b.input("weights", { shape: [rows], dtype: "float32" });
    const labelled = b.cross_entropy(logits, b.input("labels", { shape: [rows], dtype: "int32" }), weights)[0];
    const uniform = b.kl_divergence(logits, b.constant({ shape: [rows, V], value: 0 }), weights, { temperature: 1 })[0];
    const count = one.labels.filter((label) => label >= 0).length;
    const e = one.label_smoothing;
    const loss = b.scale(b.shift(b.add(b.scale(labelled, { factor: 1 - e }), b.scale(uniform, { factor: e })), { by: e * count * Math.log(V) }), { factor: 1 / count });
    b.output("loss", loss);
    b.output("gradient", differentiate(b, loss, [logits])[0]!);
    const values = evaluateGraph(optimize(b.finish()), new Map<string, Float64Array | Int32Array>([["logits", Float64Array.from(one.logits.flat())], ["labels", Int32Array.from(one.labels)], ["weights", Float64Array.from(one.labels, (label) => (label >= 0 ? 1 : 0))]]));
    expect(Math.abs(values.get("loss")![0] - one.loss)).toBeLessThan(1e-10);
    expect(distance(values.get("gradient")!, one.gradient.flat()).largest).toBeLessThan(1e-10);
  });
});
