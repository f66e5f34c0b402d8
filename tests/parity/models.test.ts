// Every model fixture: logits, loss, all gradients and five AdamW steps, in float64 and on backends.

import { afterAll, describe, expect, test } from "vitest";
import { createBuilder } from "../../compiler/graph/builder.ts";
import { sizeOf, type Graph } from "../../compiler/graph/node.ts";
import { buildUpdate, stateOf } from "../../compiler/optimizers/_update.ts";
import { adamw } from "../../compiler/optimizers/adamw.ts";
import { optimize } from "../../compiler/phases/5-optimize.ts";
import { checkInputs } from "../../runtime/apply/inputs.ts";
import { openModel, type AppliedModel } from "../../runtime/apply/model.ts";
import { chooseApplication, headsFor, prepareCall, type Call } from "../../runtime/apply/run.ts";
import { testedBackends } from "../harness/tested-backends.ts";
import { backendMachine, distance, goldens, modelCases, oracle, readFixture, type Fixture, type Machine, type Numbers } from "./fixtures.ts";

const machines = [oracle];
for (const { word, available } of testedBackends) {
  const reason = await available();
  if (reason === null) machines.push(await backendMachine(word));
  else console.log(`parity on ${word} is skipped: ${reason}`);
}
const report: string[] = [];
let checked = 0;

/** Relative error by norm that a float32 gradient may have; what is measured is mostly below 2e-6. */
const float32Noise = 1e-4;

type Opened = { readonly model: AppliedModel } | { readonly failed: unknown };

async function open(name: string): Promise<Opened> {
  const folder = `${goldens}/models/${name}`;
  try {
    const model = await openModel(folder, { cwd: goldens });
    chooseApplication(model, undefined, folder);
    return { model };
  } catch (failed) {
    return { failed };
  }
}

const cases = await Promise.all(modelCases().map(async (name) => ({ name, opened: await open(name) })));

describe("models", () => {
  if (!cases.length) test.skip(`no model fixtures in ${goldens} (PT_GOLDENS)`, () => {});
  for (const { name, opened } of cases) {
    if ("failed" in opened) {
      test(name, () => {
        throw opened.failed;
      });
      continue;
    }
    const { model } = opened;
    for (const machine of machines) {
      test(`${name} on ${machine.name}`, async () => {
        const fixture = await readFixture(name);
        const definition = chooseApplication(model, undefined, fixture.folder);
        const inputs = checkInputs(fixture.inputs, "inputs.json", model.architecture, headsFor(definition, model.heads), definition, model.padding);
        const call = prepareCall(model, definition, inputs, true);
        const weights = new Map<string, Numbers>([...model.weights].map(([key, { data }]) => [key, data]));
        const results = await machine.run(call.graph, new Map([...call.feeds, ...weights]));
        const errors = [checkLoss(results, fixture, machine), checkOutputs(call, results, fixture, machine), checkGradients(model, call.graph, results, fixture), await checkSteps(model, call, results, fixture, machine)];
        report.push(`${name.padEnd(20)} ${machine.name.padEnd(8)} loss ${errors[0]}  outputs ${errors[1]}  gradients ${errors[2]}  adamw ${errors[3]}`);
      });
    }
    test(`${name}: parameters`, async () => {
      const { expected } = await readFixture(name);
      expect([...model.weights].reduce((sum, [key, { shape }]) => sum + (model.trained.has(key) ? sizeOf(shape) : 0), 0)).toBe(expected.parameter_count);
      checked++;
    });
  }
});

afterAll(() => {
  if (cases.length) console.log(`${checked} of ${cases.length} model fixtures checked; relative errors (gradients: worst tensor, by norm):\n${report.join("\n")}`);
});

const shown = (error: number): string => error.toExponential(1);

/** In float64 what is left is what the reference itself computes in float32: the frequencies of rotary positions. */
function bound(absolute: number, value: number, machine: Machine): number {
  return Math.min(absolute, (machine.float64 ? 1e-7 : float32Noise) * Math.max(1, Math.abs(value)));
}

function checkLoss(results: ReadonlyMap<string, Numbers>, { expected }: Fixture, machine: Machine): string {
  const error = Math.abs(results.get("loss")![0] - expected.loss_float64);
  expect(error, "loss").toBeLessThanOrEqual(bound(expected.tolerance.loss_abs, expected.loss_float64, machine));
  return shown(error / Math.abs(expected.loss_float64));
}

/** Outputs that the fixture and the call both have; at least one. */
function checkOutputs(call: Call, results: ReadonlyMap<string, Numbers>, { outputs, shapes, expected }: Fixture, machine: Machine): string {
  let worst = 0;
  const names = [...outputs.keys()].filter((name) => results.has(name));
  expect(names).not.toEqual([]);
  for (const name of names) {
    const shape = shapes.get(name)!;
    expect(call.graph.values[call.graph.outputs[name]].shape).toEqual(shape);
    const actual = results.get(name)!;
    expect(actual.every(Number.isFinite), `${name} is finite at padding too`).toBe(true);
    const keep = validRows(expected.valid_positions, shape);
    const { largest } = distance(keep(actual), keep(outputs.get(name)!));
    // The fixture's outputs are float32: float64 is as far from them as they are from float64.
    expect(largest, name).toBeLessThanOrEqual(machine.float64 ? Math.min(expected.tolerance.outputs_abs, 1.5 * expected.float32_vs_float64.outputs + 1e-9) : expected.tolerance.outputs_abs);
    worst = Math.max(worst, largest);
  }
  return shown(worst);
}

/** Keeps the rows [B, S, …] of valid positions, where the output has positions. */
function validRows(valid: readonly (readonly number[])[] | null, shape: readonly number[]): (data: ArrayLike<number>) => number[] {
  const sequence = valid && shape.length >= 3 && shape[0] === valid.length && shape[1] === valid[0].length;
  const width = sequence ? sizeOf(shape.slice(2)) : 1;
  const flat = valid?.flat() ?? [];
  return (data) => (sequence ? flat.flatMap((keep, row) => (keep ? Array.from({ length: width }, (_, j) => data[row * width + j]) : [])) : Array.from(data));
}

function checkGradients(model: AppliedModel, graph: Graph, results: ReadonlyMap<string, Numbers>, { gradients, expected }: Fixture): string {
  const named = model.named((name) => ({ shape: graph.values[graph.outputs[`gradient:${name}`]].shape, data: results.get(`gradient:${name}`) as Float32Array }));
  expect([...named.keys()].sort()).toEqual([...gradients.keys()].sort());
  let worst = 0;
  for (const [name, { data }] of named) {
    const wanted = gradients.get(name)!;
    const { difference, norm, largest } = distance(data as Float32Array, wanted);
    expect(largest, name).toBeLessThanOrEqual(expected.tolerance.gradients_abs);
    if (expected.gradient.mathematically_zero.includes(name)) continue;
    // A tensor far smaller than the others is rounding noise of the largest.
    const relative = difference / Math.max(norm, 1e-3 * expected.gradient.global_norm);
    expect(relative, `${name}, by norm`).toBeLessThanOrEqual(float32Noise);
    worst = Math.max(worst, relative);
  }
  return shown(worst);
}

/** The loss before each of the updates and after the last. */
async function checkSteps(model: AppliedModel, call: Call, first: ReadonlyMap<string, Numbers>, { expected }: Fixture, machine: Machine): Promise<string> {
  const { lr, betas, eps, weight_decay, losses_float64: losses } = expected.adamw;
  const args = { lr, betas, eps, weight_decay, decay: "everything", clip: false };
  const parameters = [...model.weights].map(([name, { shape }]) => ({ name, shape, trainable: model.trained.has(name), decay: true }));
  const b = createBuilder();
  buildUpdate(b, parameters, adamw, args);
  const update = optimize(b.finish());
  const float = machine.float64 ? Float64Array : Float32Array;
  let values = new Map<string, Numbers>([...model.weights].map(([name, { data }]) => [name, data]));
  for (const entry of parameters.flatMap((parameter) => stateOf(adamw, args, parameter))) values.set(entry.name, new float(sizeOf(entry.shape)).fill(entry.value));
  let results = first;
  let worst = 0;
  for (let step = 0; step < losses.length; step++) {
    const error = Math.abs(results.get("loss")![0] - losses[step]);
    expect(error, `loss after ${step} steps`).toBeLessThanOrEqual(bound(expected.tolerance.adamw_loss_abs, losses[step], machine));
    worst = Math.max(worst, error / losses[step]);
    if (step + 1 === losses.length) break;
    const gradients = [...results].filter(([name]) => name.startsWith("gradient:"));
    const fixed = [...values].filter(([name]) => model.weights.has(name) && !model.trained.has(name));
    values = new Map([...fixed, ...(await machine.run(update, new Map([...values, ...gradients, ["rate", float.of(lr)], ["step", float.of(step + 1)]])))]);
    values.delete("gradient_norm");
    results = await machine.run(call.graph, new Map([...call.feeds, ...[...values].filter(([name]) => Object.hasOwn(call.graph.inputs, name))]));
  }
  return shown(worst);
}
