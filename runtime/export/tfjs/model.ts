// A model's forward pass as a GraphModel: every node's `lower` is run on the recording backend, at several batches and lengths.

import { applyGraph, weightShapes } from "../../../compiler/apply.ts";
import type { ApplyDefinition } from "../../../compiler/apply/define.ts";
import { readsEncoder, streamInput, type Architecture, type Head, type Stack } from "../../../compiler/architecture.ts";
import { namedInputs, opOf } from "../../../compiler/graph/builder.ts";
import type { Graph, Node } from "../../../compiler/graph/node.ts";
import type { Tensor, Tf } from "../../../compiler/ops/define.ts";
import type { StackSize } from "../../../compiler/phases/3-build.ts";
import { contextOf, stackSize } from "../../../compiler/sizes.ts";
import { noTensorflowForm } from "../../../grammar/diagnostics/PT7234-no-tensorflow-form.ts";
import { fileError } from "../../files/user-error.ts";
import { feedOf, type FeedContext } from "./feeds.ts";
import { graphModel, type GraphModel } from "./graph-model.ts";
import { generalize, probesOf, type Axis, type Probe } from "./sizes.ts";
import { trace, valuesNeeded, type Trace } from "./trace.ts";

export interface TracedModel { readonly architecture: Architecture; /** Those that the application uses. */ readonly heads: readonly Head[]; readonly padding: number | null }

export interface Extents {
  /** Null: any. */
  readonly batch: number | null;
  readonly length: number | null;
  /** The length of a model that works at one length only. */
  readonly usual: number;
}

/** `batch`, `length` and `target_length` as they are fixed; those that a call may choose are absent. */
export interface TracedResult { readonly model: GraphModel; readonly fixed: { readonly [axis: string]: number } }

/** Sizes of one trace. */
interface Sizes { readonly batch: number; readonly size: (stack: Stack) => StackSize }

/** The model for any batch and lengths, unless they are given or it depends on them in a way that a graph cannot follow. Throws UserError (PT7234). */
export function traceModel(tf: Tf, { architecture, heads, padding }: TracedModel, definition: ApplyDefinition, extents: Extents, folder: string): TracedResult {
  const all = axesOf(architecture);
  const usual: Record<string, number> = Object.fromEntries(all.map(({ name, longest }) => [name, name === "batch" ? (extents.batch ?? 1) : Math.min(extents.length ?? extents.usual, longest)]));
  const may = all.filter(({ name, probes }) => probes && (name === "batch" ? extents.batch : extents.length) === null) as (Axis & { readonly longest: number })[];
  // Whatever cannot be free together is tried without the lengths, then without the batch.
  const choices = [may, may.filter(({ name }) => name === "batch"), []];
  for (const axes of choices.filter((choice, i) => choices.findIndex((other) => other.length === choice.length) === i)) {
    const sizesAt = (probe: Probe): Sizes => {
      const at: Record<string, number> = { ...usual, ...Object.fromEntries(axes.map(({ name }, i) => [name, probe[i]])) };
      return { batch: at.batch, size: (stack) => stackSize(stack, at[lengthAxis(stack)]) };
    };
    const graph = generalize(probesOf(axes).map((probe) => traceAt(tf, { architecture, heads, padding }, definition, sizesAt(probe), folder)), axes);
    const free = new Set(axes.map(({ name }) => name));
    if (graph) return { model: graphModel(graph), fixed: Object.fromEntries(Object.entries(usual).filter(([name]) => !free.has(name))) };
  }
  throw new Error("a single trace is its own generalization");
}

/** The decoder beside an encoder has a length of its own. */
const lengthAxis = (stack: Stack): string => (readsEncoder(stack) ? "target_length" : "length");

/** The batch, and the lengths of the stacks that read texts; without probes where a model is too short to tell lengths apart. */
function axesOf({ stacks }: Architecture): (Omit<Axis, "probes"> & { readonly longest: number; readonly probes: Axis["probes"] | undefined })[] {
  const texts = stacks.filter((stack) => stack.reads === "tokens");
  const lengths = [...new Set(texts.map(lengthAxis))].map((name, i) => {
    const longest = Math.min(...texts.filter((stack) => lengthAxis(stack) === name).map(contextOf));
    const known = ([[29, 31, 37], [11, 13, 17], [3, 5, 7]] as const).find(([, , third]) => third + i <= longest);
    // Other values for each axis, so that none is taken for another.
    return { name, longest, probes: known && ([known[0] + i, known[1] + i, known[2] + i] as const) };
  });
  return [{ name: "batch", longest: Infinity, probes: [2, 3, 5] }, ...lengths];
}

function traceAt(tf: Tf, { architecture, heads, padding }: TracedModel, definition: ApplyDefinition, { batch, size }: Sizes, folder: string): Trace {
  const graph = applyGraph(architecture, heads, definition, { batch, size, loss: false, gradients: false });
  return traceGraph(tf, graph, new Set(weightShapes(architecture, heads).keys()), (name) => {
    for (const stack of architecture.stacks) {
      const before = streamInput(architecture, stack, "");
      if (name.startsWith(before)) return { field: name.slice(before.length), prefix: readsEncoder(stack) ? "decoder_" : "", batch, length: size(stack).length, padding };
    }
    return { field: name, prefix: "", batch, length: 0, padding };
  }, folder);
}

/** One graph at its sizes; `describe` says which stack's field an input is. Throws UserError (PT7234). */
export function traceGraph(tf: Tf, graph: Graph, weights: ReadonlySet<string>, describe: (input: string) => Omit<FeedContext, "tracing" | "input"> & { readonly field: string }, folder: string): Trace {
  return trace(tf, (tracing) => {
    const given = new Map<string, Tensor>();
    const input: FeedContext["input"] = (name, { shape, dtype }) => {
      const known = given.get(name) ?? tracing.input(name, shape, dtype);
      given.set(name, known);
      return known;
    };
    const used = new Set([...graph.nodes.flatMap((node) => node.inputs), ...Object.values(graph.outputs)]);
    const live: Tensor[] = [];
    for (const [name, value] of Object.entries(graph.inputs)) {
      if (!used.has(value)) continue;
      const info = graph.values[value];
      const { field, ...context } = describe(name);
      live[value] = weights.has(name) ? tracing.weight(name, info.shape) : feedOf(field, info, { tracing, input, ...context });
    }
    for (const node of graph.nodes) {
      const outputs = lowered(tf, node, node.inputs.map((value) => (value === null ? null : live[value])), folder);
      node.outputs.forEach((value, k) => (live[value] = outputs[k]));
    }
    return new Map(Object.entries(graph.outputs).map(([name, value]) => [name, live[value]]));
  });
}

function lowered(tf: Tf, { op, scope, attributes }: Node, inputs: readonly (Tensor | null)[], folder: string): readonly Tensor[] {
  const definition = opOf(op);
  const refuse = (): never => {
    throw fileError(noTensorflowForm, folder, { op, scope });
  };
  if (definition.lower === "evaluate") return refuse();
  try {
    return definition.lower(tf, namedInputs(definition, inputs) as never, attributes as never);
  } catch (error) {
    if (error instanceof Error && error.cause === valuesNeeded) return refuse();
    throw error;
  }
}
