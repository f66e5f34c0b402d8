// The graphs of a plan, from a checked run: train, update, evaluate, prefill and decode.

import { instancesOf, weightsOf, type Architecture, type Head, type Stack } from "./architecture.ts";
import { withAuxiliary } from "./auxiliary.ts";
import { createBuilder } from "./graph/builder.ts";
import type { Graph } from "./graph/node.ts";
import { layerOf } from "./graph/scopes.ts";
import { buildUpdate, type UpdateParameter } from "./optimizers/_update.ts";
import { optimizers } from "./optimizers/index.ts";
import type { Arguments, OptimizerDefinition } from "./optimizers/define.ts";
import { forward, nextTokenLoss } from "./phases/3-build.ts";
import { differentiate } from "./phases/4-differentiate.ts";
import { optimize, type Firing } from "./phases/5-optimize.ts";
import type { PlanParameter } from "./plan/schema.ts";
import type { RunSpec } from "./run-spec.ts";

export type OnFire = (firing: Firing) => void;
const ignore: OnFire = () => {};

/** The parameters of the stacks and of these heads, in the order of their first use. */
export function planParameters(architecture: Architecture, heads: readonly Head[]): PlanParameter[] {
  return [...weightsOf(instancesOf(architecture, heads))].map(({ name, leaf, spec, owner }) => ({
    name,
    shape: spec.shape,
    initializer: spec.initializer,
    trainable: !spec.buffer,
    decay: spec.decay && !spec.buffer,
    ...(spec.buffer ? { buffer: true as const } : {}),
    shared_by: owner.sharedBy.map((path) => `${path}.${leaf}`),
  }));
}

export function optimizerOf(run: Pick<RunSpec, "optimizer">): { definition: OptimizerDefinition; args: Arguments } {
  return { definition: (optimizers as Readonly<Record<string, OptimizerDefinition>>)[run.optimizer.word], args: run.optimizer.arguments };
}

/** Forward and backward of one micro-batch: `loss` (its share of the batch's mean) and `gradient:NAME`. */
export function trainGraph(run: RunSpec, micro: number, recompute: boolean, onFire: OnFire = ignore): Graph {
  const pass = forward(run.architecture, run.heads, { batch: micro, size: () => ({ length: run.length }), pack: run.pack, padding: true, training: true });
  const sum = nextTokenLoss(pass, run.heads[0]);
  const count = pass.b.input("count", { shape: [], dtype: "float32" });
  pass.b.output("loss", withAuxiliary(pass, pass.b.at("loss", () => pass.b.divide(sum, count))));
  // Optimised before it is differentiated, so that the nodes that recomputation repeats stay alike.
  const ahead = optimize(pass.b.finish(), undefined, onFire);
  const b = createBuilder(ahead);
  const names = planParameters(run.architecture, run.heads).filter((parameter) => parameter.trainable).map((parameter) => parameter.name);
  const gradients = differentiate(b, ahead.outputs.loss, names.map((name) => ahead.inputs[name]), recompute ? { recompute: layerOf } : {});
  b.output("loss", ahead.outputs.loss);
  names.forEach((name, i) => b.output(`gradient:${name}`, gradients[i] ?? b.constant({ shape: b.info(ahead.inputs[name]).shape, value: 0 })));
  return optimize(b.finish(), undefined, onFire);
}

export function updateGraph(run: RunSpec, parameters: readonly UpdateParameter[], onFire: OnFire = ignore): Graph {
  const b = createBuilder();
  const { definition, args } = optimizerOf(run);
  buildUpdate(b, parameters, definition, args);
  return optimize(b.finish(), undefined, onFire);
}

/** `loss_sum` over the counting positions of a micro-batch. */
export function evaluateGraph(run: RunSpec, micro: number, pack: boolean, onFire: OnFire = ignore): Graph {
  const pass = forward(run.architecture, run.heads, { batch: micro, size: () => ({ length: run.length }), pack, padding: true, training: false });
  pass.b.output("loss_sum", nextTokenLoss(pass, run.heads[0]));
  return optimize(pass.b.finish(), undefined, onFire);
}

/** `logits` [1, V] after the last real token, and the caches. */
export function prefillGraph(architecture: Architecture, head: Head, lengthOf: (stack: Stack) => number, onFire: OnFire = ignore): Graph {
  const length = lengthOf(head.stack);
  const pass = forward(architecture, [head], { batch: 1, size: (stack) => ({ length: lengthOf(stack) }), pack: false, padding: true, training: false, cache: { mode: "write", length } });
  const { b } = pass;
  const last = b.input(pass.field(head.stack, "last"), { shape: [1], dtype: "int32" });
  const x_BTD = pass.stream(head.stack);
  const width = b.info(x_BTD).shape[2];
  const x_B1D = b.reshape(b.take(x_BTD, last), { shape: [1, 1, width] });
  output(pass, head, x_B1D);
  return optimize(b.finish(), undefined, onFire);
}

/** One more token: `logits` [1, V] and the extended caches. */
export function decodeGraph(architecture: Architecture, head: Head, lengthOf: (stack: Stack) => number, onFire: OnFire = ignore): Graph {
  const size = (stack: Stack) => ({ length: stack === head.stack ? 1 : lengthOf(stack) });
  const pass = forward(architecture, [head], { batch: 1, size, pack: false, padding: true, training: false, cache: { mode: "extend", length: lengthOf(head.stack) } });
  output(pass, head, pass.stream(head.stack));
  return optimize(pass.b.finish(), undefined, onFire);
}

function output(pass: ReturnType<typeof forward>, head: Head, x_B1D: number): void {
  const logits = pass.head(head, x_B1D);
  const vocab = pass.b.info(logits).shape.at(-1)!;
  pass.b.output("logits", pass.b.reshape(logits, { shape: [1, vocab] }));
}
