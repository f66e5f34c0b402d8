// Applies a model to inputs on a backend: outputs by name, the loss, and gradients like the weights.

import { applicationOf, applications, applyGraph } from "../../compiler/apply.ts";
import type { ApplyDefinition } from "../../compiler/apply/define.ts";
import type { Graph, Shape } from "../../compiler/graph/node.ts";
import type { Tensor } from "../../compiler/weights/layout.ts";
import { unknownTask } from "../../grammar/diagnostics/PT7215-unknown-task.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { fileError } from "../files/user-error.ts";
import type { Feed, Session } from "../session.ts";
import type { AppliedInputs } from "./inputs.ts";
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
  const { sizes: { B, T }, ids, real, targets } = inputs;
  const given = Object.keys(definition.targets).every((field) => targets[field] !== undefined);
  const losses = given ? definition.feeds(targets, inputs.sizes) : null;
  const graph = applyGraph(model.architecture, headsFor(definition, model.heads), definition, { batch: B, length: T, loss: losses !== null, gradients: gradients && losses !== null });
  const all = { tokens: ids, positions: ids.map((_, i) => i % T), real, last: lastPositions(inputs, model.padding), ...losses };
  return { graph, feeds: new Map(Object.entries(all).filter(([name]) => Object.hasOwn(graph.inputs, name))), hasLoss: losses !== null };
}

/** The last position of each row that is not padding: by its id where the model names one, else by the mask. */
function lastPositions({ sizes: { B, T }, ids, real }: AppliedInputs, padding: number | null): Int32Array {
  return Int32Array.from({ length: B }, (_, row) => {
    let last = T - 1;
    while (last > 0 && (padding === null ? real[row * T + last] === 0 : ids[row * T + last] === padding)) last--;
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
