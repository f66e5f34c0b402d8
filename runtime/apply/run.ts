// Applies a model to inputs on a backend: outputs by name, the loss, and gradients like the weights.

import { applicationOf, applications, applyGraph } from "../../compiler/apply.ts";
import type { ApplyDefinition } from "../../compiler/apply/define.ts";
import type { Graph, Shape } from "../../compiler/graph/node.ts";
import type { Tensor } from "../../compiler/weights/layout.ts";
import { unknownTask } from "../../grammar/diagnostics/PT7215-unknown-task.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { fileError } from "../files/user-error.ts";
import type { Feed, Session } from "../session.ts";
import { streamInput, type Stack } from "../../compiler/architecture.ts";
import { stackSize } from "../../compiler/sizes.ts";
import type { AppliedInputs, StreamInputs } from "./inputs.ts";
import type { AppliedModel } from "./model.ts";

/** How a model is applied: as asked, else as its heads suggest. Throws UserError (PT7215). */
export function chooseApplication({ architecture, heads }: Pick<AppliedModel, "architecture" | "heads">, task: string | undefined, folder: string): ApplyDefinition {
  const words = Object.keys(applications);
  const asked = task === undefined ? applicationOf(architecture, heads) : Object.hasOwn(applications, task) ? applications[task] : undefined;
  const usable = asked && (task === undefined || asked.fits(headsFor(asked, heads), architecture)) ? asked : undefined;
  if (usable) return usable;
  throw fileError(unknownTask, folder, { task: task ?? null, heads: heads.map((head) => head.name), known: words, suggestion: task === undefined || Object.hasOwn(applications, task) ? undefined : didYouMean(task, words) });
}

/** The heads that an application uses. */
export function headsFor<H extends { readonly name: string }>(definition: ApplyDefinition, heads: readonly H[]): H[] {
  return heads.filter((head) => definition.heads.includes(head.name));
}

export interface Call {
  readonly graph: Graph;
  /** All inputs of the graph but the weights. */
  readonly feeds: ReadonlyMap<string, Int32Array | Float32Array>;
  /** Whether the graph has a loss: the targets were given, and something counts. */
  readonly hasLoss: boolean;
}

/** The graph of one call and its feeds. */
export function prepareCall(model: Pick<AppliedModel, "architecture" | "heads" | "padding">, definition: ApplyDefinition, inputs: AppliedInputs, gradients: boolean): Call {
  const { sizes, streams, targets } = inputs;
  const heads = headsFor(definition, model.heads);
  const given = Object.keys(definition.targets(heads)).every((field) => targets[field] !== undefined);
  const losses = given ? definition.feeds(targets, sizes) : null;
  // A stack that these heads do not read takes part in nothing: any size will do.
  const size = (stack: Stack) => stackSize(stack, streams.get(stack)?.length ?? 1, streams.get(stack)?.image);
  const graph = applyGraph(model.architecture, heads, definition, { batch: sizes.B, size, loss: losses !== null, gradients: gradients && losses !== null });
  const feeds = new Map<string, Int32Array | Float32Array>(Object.entries(losses ?? {}));
  for (const [stack, stream] of streams) {
    for (const [field, values] of Object.entries(streamFields(stream, sizes.B, model.padding))) if (values) feeds.set(streamInput(model.architecture, stack, field), values);
  }
  return { graph, feeds: new Map([...feeds].filter(([name]) => Object.hasOwn(graph.inputs, name))), hasLoss: losses !== null };
}

function streamFields({ length, tokens, real, segments, pixels }: StreamInputs, batch: number, padding: number | null) {
  const positions = Int32Array.from({ length: batch * length }, (_, i) => i % length);
  return { tokens, real: real ?? new Int32Array(batch * length).fill(1), segments, pixels, positions, last: tokens && lastPositions(tokens, real, batch, length, padding) };
}

/** The last position of each row that is not padding: by its id where the model names one, else by the mask. */
function lastPositions(ids: Int32Array, real: Int32Array | undefined, batch: number, length: number, padding: number | null): Int32Array {
  return Int32Array.from({ length: batch }, (_, row) => {
    let last = length - 1;
    while (last > 0 && (padding === null ? real?.[row * length + last] === 0 : ids[row * length + last] === padding)) last--;
    return last;
  });
}

export interface Applied {
  readonly loss: number | null;
  readonly outputs: ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;
  /** Like the weights, by our names; null when they were not asked for. */
  readonly gradients: ReadonlyMap<string, Tensor> | null;
}

const gradientPrefix = "gradient:";

export async function runCall(session: Session, { graph, feeds }: Call, weights: AppliedModel["weights"]): Promise<Applied> {
  const all = new Map<string, Feed>(feeds);
  for (const [name, { data }] of weights) if (Object.hasOwn(graph.inputs, name)) all.set(name, data);
  const results = session.program(graph).run(all);
  try {
    const outputs = new Map<string, { shape: Shape; data: Float32Array }>();
    const gradients = new Map<string, Tensor>();
    let loss: number | null = null;
    for (const [name, handle] of results) {
      const data = (await session.read(handle)) as Float32Array;
      const { shape } = graph.values[graph.outputs[name]];
      if (name === "loss") loss = data[0];
      else if (name.startsWith(gradientPrefix)) gradients.set(name.slice(gradientPrefix.length), { shape, data });
      else outputs.set(name, { shape, data });
    }
    return { loss, outputs, gradients: gradients.size ? gradients : null };
  } finally {
    session.dispose(results.values());
  }
}
