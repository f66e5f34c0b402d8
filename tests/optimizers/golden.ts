// Runs an update graph in float64 on the problem of the goldens (PT_GOLDENS, by default ../shared/goldens beside the repository).

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createBuilder } from "../../compiler/graph/builder.ts";
import { evaluateGraph } from "../../compiler/graph/evaluate.ts";
import type { OracleData } from "../../compiler/graph/evaluate.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import type { Graph, Shape } from "../../compiler/graph/node.ts";
import { assertValid } from "../../compiler/graph/verify.ts";
import { buildUpdate, stateOf } from "../../compiler/optimizers/_update.ts";
import type { Arguments, OptimizerDefinition } from "../../compiler/optimizers/define.ts";
import { optimize } from "../../compiler/phases/5-optimize.ts";
import type { Session } from "../../runtime/session.ts";
import { expectClose } from "../graph/values.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
export const folder = join(resolve(root, process.env.PT_GOLDENS ?? "../shared/goldens"), "optimizers");

/** For `describe.skipIf`; the reason goes into the title. */
export const goldensMissing = !existsSync(join(folder, "problem.json"));
export const reason = goldensMissing ? ` (skipped: no goldens in ${folder}; set PT_GOLDENS)` : "";

type Tensors = { readonly [name: string]: unknown };

// The files have the format of the goldens' README; no type says more.
export function golden(name: string): any {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
}

export function updateGraph(optimizer: OptimizerDefinition, args: Arguments, shapes: { readonly [name: string]: Shape }): Graph {
  const b = createBuilder();
  buildUpdate(b, Object.entries(shapes).map(([name, shape]) => ({ name, shape, trainable: true, decay: shape.length > 1 })), optimizer, args);
  return assertValid(optimize(assertValid(b.finish(), "update")), "optimize");
}

/** Parameters after each step, flattened; and the gradient norm of each. */
export function train(optimizer: OptimizerDefinition, args: Arguments, parameters: Tensors, gradients: readonly Tensors[], rate: number): { trajectory: Record<string, number[]>[]; norms: number[] } {
  const shapes = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, shapeOf(value)]));
  const graph = updateGraph(optimizer, args, shapes);
  const kept = new Map<string, OracleData>();
  for (const [name, value] of Object.entries(parameters)) {
    kept.set(name, flat(value));
    for (const entry of stateOf(optimizer, args, { name, shape: shapes[name] })) kept.set(entry.name, new Float64Array(sizeOf(entry.shape)).fill(entry.value));
  }
  const norms: number[] = [];
  const trajectory = gradients.map((gradient, i) => {
    const inputs = new Map([...kept, ...Object.entries(gradient).map(([name, value]) => [`gradient:${name}`, flat(value)] as const)]);
    const outputs = evaluateGraph(graph, inputs.set("rate", Float64Array.of(rate)).set("step", Float64Array.of(i + 1)));
    for (const name of kept.keys()) kept.set(name, outputs.get(name) as OracleData);
    norms.push((outputs.get("gradient_norm") as OracleData)[0]);
    return Object.fromEntries(Object.keys(parameters).map((name) => [name, Array.from(kept.get(name) as OracleData)]));
  });
  return { trajectory, norms };
}

/** A run on the goldens' problem against a trajectory, to 1e-12. */
export function expectTrajectory(optimizer: OptimizerDefinition, args: Arguments, expected: readonly Tensors[]): void {
  const { parameters, gradients } = golden("problem");
  const { trajectory } = train(optimizer, args, parameters, gradients, (args.lr ?? 1) as number);
  expected.forEach((step, i) => {
    for (const [name, value] of Object.entries(step)) expectClose(trajectory[i][name], Array.from(flat(value)), 1e-12, `step ${i + 1} ${name}`);
  });
}

/** The same in float32 on a backend, to `tolerance`. */
export async function expectTrajectoryOn(session: Session, optimizer: OptimizerDefinition, args: Arguments, rate: number, expected: readonly Tensors[], tolerance: number): Promise<void> {
  const { parameters, gradients } = golden("problem") as { parameters: Tensors; gradients: readonly Tensors[] };
  const shapes = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, shapeOf(value)]));
  const program = session.program(updateGraph(optimizer, args, shapes));
  const kept = new Map<string, Float32Array>();
  for (const [name, value] of Object.entries(parameters)) {
    kept.set(name, Float32Array.from(flat(value)));
    for (const entry of stateOf(optimizer, args, { name, shape: shapes[name] })) kept.set(entry.name, new Float32Array(sizeOf(entry.shape)).fill(entry.value));
  }
  for (const [i, step] of expected.entries()) {
    const feeds = new Map(kept).set("rate", Float32Array.of(rate)).set("step", Float32Array.of(i + 1));
    for (const [name, value] of Object.entries(gradients[i])) feeds.set(`gradient:${name}`, Float32Array.from(flat(value)));
    const results = program.run(feeds);
    for (const name of kept.keys()) kept.set(name, (await session.read(results.get(name)!)) as Float32Array);
    session.dispose(results.values());
    for (const [name, value] of Object.entries(step)) expectClose(Array.from(kept.get(name)!), Array.from(flat(value)), tolerance, `step ${i + 1} ${name} on ${session.backend}`);
  }
}

function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}

function flat(value: unknown): Float64Array {
  return Float64Array.from(([value] as unknown[]).flat(Number.POSITIVE_INFINITY) as number[]);
}
