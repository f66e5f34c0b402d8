// A model's forward pass as a GraphModel: every node's `lower` is run on the recording backend, at several batches and lengths.

import { applyGraph, weightShapes } from "../../../compiler/apply.ts";
import type { ApplyDefinition } from "../../../compiler/apply/define.ts";
import type { Architecture, Head } from "../../../compiler/architecture.ts";
import { namedInputs, opOf } from "../../../compiler/graph/builder.ts";
import type { Graph, Node } from "../../../compiler/graph/node.ts";
import type { Tensor, Tf } from "../../../compiler/ops/define.ts";
import { noTensorflowForm } from "../../../grammar/diagnostics/PT7234-no-tensorflow-form.ts";
import { fileError } from "../../files/user-error.ts";
import { feedOf, type FeedContext } from "./feeds.ts";
import { graphModel, type GraphModel } from "./graph-model.ts";
import { generalize, probesOf, type Free, type Probe } from "./sizes.ts";
import { trace, valuesNeeded, type Trace } from "./trace.ts";

export interface TracedModel { readonly architecture: Architecture; /** Those that the application uses. */ readonly heads: readonly Head[]; readonly padding: number | null }

export interface Extents {
  /** Null: any. */
  readonly batch: number | null;
  readonly length: number | null;
  /** Positions that the model has. */
  readonly longest: number;
  /** The length of a model that works at one length only. */
  readonly usual: number;
}

export interface TracedResult { readonly model: GraphModel; readonly batch: number | null; readonly length: number | null }

/** The model for any batch and length, unless they are given or it depends on them in a way that a graph cannot follow. Throws UserError (PT7234). */
export function traceModel(tf: Tf, { architecture, heads, padding }: TracedModel, definition: ApplyDefinition, extents: Extents, folder: string): TracedResult {
  const fixed: Probe = { batch: extents.batch ?? 1, length: extents.length ?? Math.min(extents.usual, extents.longest) };
  const wanted: Free[] = [{ batch: true, length: true }, { batch: true, length: false }, { batch: false, length: false }];
  const tried = new Set<string>();
  const weights = new Set(weightShapes(architecture, heads).keys());
  for (const { batch, length } of wanted) {
    const free = { batch: batch && extents.batch === null, length: length && extents.length === null };
    const probes = probesOf(fixed, free, extents.longest);
    if (!probes || tried.has(JSON.stringify(free))) continue;
    tried.add(JSON.stringify(free));
    const traces = probes.map((probe) => {
      const graph = applyGraph(architecture, heads, definition, { ...probe, loss: false, gradients: false });
      return traceGraph(tf, graph, weights, { ...probe, padding }, folder);
    });
    const graph = generalize(traces, probes);
    if (graph) return { model: graphModel(graph), batch: free.batch ? null : fixed.batch, length: free.length ? null : fixed.length };
  }
  throw new Error("a single trace is its own generalization");
}

/** One graph at its sizes. Throws UserError (PT7234). */
export function traceGraph(tf: Tf, graph: Graph, weights: ReadonlySet<string>, sizes: Pick<FeedContext, "batch" | "length" | "padding">, folder: string): Trace {
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
      live[value] = weights.has(name) ? tracing.weight(name, info.shape) : feedOf(name, info, { tracing, input, ...sizes });
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
