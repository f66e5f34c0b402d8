// The graphs of a plan, from a checked run: train, update, evaluate, prefill and decode.

import { instancesOf, weightsOf, type Architecture, type Head, type Stack } from "./architecture.ts";
import { balanceStatistics } from "./auxiliary.ts";
import { unit } from "./layers/cosine.ts";
import { createBuilder } from "./graph/builder.ts";
import type { Graph } from "./graph/node.ts";
import { layerOf } from "./graph/scopes.ts";
import { buildUpdate, type UpdateParameter } from "./optimizers/_update.ts";
import { optimizers } from "./optimizers/index.ts";
import type { Arguments, OptimizerDefinition } from "./optimizers/define.ts";
import { lossOutputs, lossSums, totalLoss } from "./losses.ts";
import { forward } from "./phases/3-build.ts";
import type { ForwardOptions } from "./phases/3-build.ts";
import { differentiate } from "./phases/4-differentiate.ts";
import { optimize, type Firing } from "./phases/5-optimize.ts";
import type { PlanParameter } from "./plan/schema.ts";
import type { RunSpec } from "./run-spec.ts";
import { stackSize } from "./sizes.ts";

export type OnFire = (firing: Firing) => void;
const ignore: OnFire = () => {};

/** The parameters of the stacks and of these heads, in the order of their first use. */
export function planParameters(architecture: Architecture, heads: readonly Head[]): PlanParameter[] {
  return [...weightsOf(instancesOf(architecture, heads))].map(({ name, leaf, spec, owner }) => ({
    name,
    shape: spec.shape,
    initializer: spec.initializer,
    trainable: !spec.buffer && !spec.frozen,
    decay: spec.decay && !spec.buffer,
    ...(spec.buffer ? { buffer: true as const } : {}),
    shared_by: owner.sharedBy.map((path) => `${path}.${leaf}`),
  }));
}

export function optimizerOf(run: Pick<RunSpec, "optimizer">): { definition: OptimizerDefinition; args: Arguments } {
  return { definition: (optimizers as Readonly<Record<string, OptimizerDefinition>>)[run.optimizer.word], args: run.optimizer.arguments };
}

/** Log-probabilities of answers are compared: dropout would be noise in their difference. */
function prefers({ layout }: RunSpec): boolean {
  return layout.losses.some(({ kind }) => kind === "preference");
}

/** What a batch of the run looks like. The two answers of a preference are two rows. */
function batchOptions(run: RunSpec, micro: number): Pick<ForwardOptions, "batch" | "size" | "padding"> {
  return { batch: prefers(run) ? 2 * micro : micro, size: (stack) => stackSize(stack, run.layout.lengths[stack.path]), padding: true };
}

/** Forward and backward of one micro-batch: `loss` (its share of the batch's mean), `loss:HEAD` where there are several, and `gradient:NAME`. */
export function trainGraph(run: RunSpec, micro: number, recompute: boolean, onFire: OnFire = ignore): Graph {
  const pass = forward(run.architecture, run.heads, { ...batchOptions(run, micro), pack: run.layout.documents, training: !prefers(run) });
  totalLoss(pass, run.layout, micro < run.batch);
  // Optimised before it is differentiated, so that the nodes that recomputation repeats stay alike.
  const ahead = optimize(pass.b.finish(), undefined, onFire);
  const b = createBuilder(ahead);
  const names = planParameters(run.architecture, run.heads).filter((parameter) => parameter.trainable).map((parameter) => parameter.name);
  const gradients = differentiate(b, ahead.outputs.loss, names.map((name) => ahead.inputs[name]), recompute ? { recompute: layerOf } : {});
  for (const name of ["loss", ...lossOutputs(ahead)]) b.output(name, ahead.outputs[name]);
  names.forEach((name, i) => b.output(`gradient:${name}`, gradients[i] ?? b.constant({ shape: b.info(ahead.inputs[name]).shape, value: 0 })));
  return optimize(b.finish(), undefined, onFire);
}

/** What the losses of layers must know of the whole batch, from one of its micro-batches: outputs to add up, inputs of the train graph. Null without any. */
export function statisticsGraph(run: RunSpec, micro: number, onFire: OnFire = ignore): Graph | null {
  const pass = forward(run.architecture, run.heads, { ...batchOptions(run, micro), pack: run.layout.documents, training: true });
  // Every layer is built, as in the train graph; what no statistic needs is dropped.
  lossSums(pass, run.layout);
  return balanceStatistics(pass) ? optimize(pass.b.finish(), undefined, onFire) : null;
}

export function updateGraph(run: RunSpec, parameters: readonly UpdateParameter[], onFire: OnFire = ignore): Graph {
  const b = createBuilder();
  const { definition, args } = optimizerOf(run);
  buildUpdate(b, parameters, definition, args);
  return optimize(b.finish(), undefined, onFire);
}

/** `sum:HEAD` over the counting positions of a micro-batch; for predictions also `output:HEAD` of a task's head, and of a comparison the vectors that are compared, `side:image` and `side:text`. */
export function evaluateGraph(run: RunSpec, micro: number, pack: boolean, onFire: OnFire = ignore): Graph {
  const pass = forward(run.architecture, run.heads, { ...batchOptions(run, micro), pack, training: false });
  for (const { loss, sum, scores } of lossSums(pass, run.layout)) {
    pass.b.output(`sum:${loss.head.name}`, sum);
    if (scores !== null && run.kind === "finetune") pass.b.output(`output:${loss.head.name}`, scores);
    if (loss.kind === "contrastive") pass.branches(loss.head).forEach((side, i) => pass.b.output(sideName(loss.head.branches[i].stack), pass.b.at(loss.head.name, () => unit(pass.b, side))));
  }
  return optimize(pass.b.finish(), undefined, onFire);
}

const sideName = ({ reads }: Stack): string => `side:${reads === "pixels" ? "image" : "text"}`;

/** Sizes of a pair of graphs to generate with. */
export interface GenerationSizes {
  /** Positions that `prefill` reads: of the decoder the prompt's, of an encoder those of its input. */
  readonly lengthOf: (stack: Stack) => number;
  /** Texts side by side; default 1. */
  readonly batch?: number;
  /** Rows of the decoder's caches; by default as many as `prefill` reads. */
  readonly cache?: number;
}

/** `logits` [B, V] after the position `last` of each text, and the caches. */
export function prefillGraph(architecture: Architecture, head: Head, { lengthOf, batch = 1, cache = lengthOf(head.stack) }: GenerationSizes, onFire: OnFire = ignore): Graph {
  const pass = forward(architecture, [head], { batch, size: (stack) => ({ length: lengthOf(stack) }), pack: false, padding: true, training: false, cache: { mode: "write", length: cache } });
  const { b } = pass;
  const last = b.input(pass.field(head.stack, "last"), { shape: [batch], dtype: "int32" });
  const x_BTD = pass.stream(head.stack);
  const width = b.info(x_BTD).shape[2];
  const x_B1D = b.reshape(b.take(x_BTD, last), { shape: [batch, 1, width] });
  output(pass, head, x_B1D);
  return optimize(b.finish(), undefined, onFire);
}

/** One more token of each text: `logits` [B, V] and the extended caches. */
export function decodeGraph(architecture: Architecture, head: Head, { lengthOf, batch = 1, cache = lengthOf(head.stack) }: GenerationSizes, onFire: OnFire = ignore): Graph {
  const size = (stack: Stack) => ({ length: stack === head.stack ? 1 : lengthOf(stack) });
  const pass = forward(architecture, [head], { batch, size, pack: false, padding: true, training: false, cache: { mode: "extend", length: cache } });
  output(pass, head, pass.stream(head.stack));
  return optimize(pass.b.finish(), undefined, onFire);
}

/** What `decode` keeps of its texts, taken from those of `from` other ones: text b of the result is `rows[0, b]`. For beams, and for several texts from one prompt. */
export function selectGraph(decode: Graph, from: number): Graph {
  const b = createBuilder();
  const kept = Object.entries(decode.inputs).filter(([name]) => isKept(name)).map(([name, value]) => [name, decode.values[value].shape] as const);
  const batch = kept[0]?.[1][0] ?? 0;
  const rows = b.input("rows", { shape: [1, batch], dtype: "int32" });
  for (const [name, shape] of kept) {
    const size = shape[1] * shape[2];
    const x = b.reshape(b.input(name, { shape: [from, ...shape.slice(1)], dtype: "float32" }), { shape: [1, from, size] });
    b.output(name, b.reshape(b.take(x, rows), { shape }));
  }
  return b.finish();
}

/** Whether a value goes from one call of `decode` to the next. */
export function isKept(name: string): boolean {
  return name.startsWith("cache:") || name.startsWith("memory:");
}

function output(pass: ReturnType<typeof forward>, head: Head, x_B1D: number): void {
  const logits = pass.head(head, x_B1D);
  const shape = pass.b.info(logits).shape;
  pass.b.output("logits", pass.b.reshape(logits, { shape: [shape[0], shape.at(-1)!] }));
}
