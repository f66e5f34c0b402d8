// Where the graphs of a generation come from: an architecture, for any sizes; or a plan, which has one pair.

import { instancesOf, readsEncoder, walk, type Architecture, type Head, type Stack } from "../../compiler/architecture.ts";
import { linesOf } from "../../compiler/graph/mask-lines.ts";
import type { Graph } from "../../compiler/graph/node.ts";
import { decodeGraph, prefillGraph } from "../../compiler/graphs.ts";
import type { MaskExpression } from "../../compiler/masks/define.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { contextOf } from "../../compiler/sizes.ts";

export interface GraphSizes {
  /** Prompts that are read at once, and the texts that go on from them. */
  readonly prompts: number;
  readonly rows: number;
  /** Positions of a prompt in the decoder, and in the encoder where there is one. */
  readonly decoder: number;
  readonly encoder: number;
  /** Rows of the caches: prompt and new tokens. */
  readonly cache: number;
}

export interface GraphSource {
  /** Graphs of at least these sizes. */
  readonly graphs: (sizes: GraphSizes) => { readonly prefill: Graph; readonly decode: Graph };
  /** Positions that the decoder has at most, and the encoder; null without one. */
  readonly window: number;
  readonly encoder: number | null;
  /** The id before a decoder's first, beside an encoder. */
  readonly start: number | null;
  readonly vocab: number;
  /** Prompts in one graph at most, and whether they may be of different lengths there. */
  readonly most: number;
  readonly ragged: boolean;
}

/** `lengthOf`: what bounds a stack beside its own tables, as a run's lengths do. */
export function sourceOf(architecture: Architecture, head: Head, start: number | null, lengthOf: (stack: Stack) => number = () => Infinity): GraphSource {
  const encoder = readsEncoder(head.stack) ? architecture.stacks.find((stack) => stack !== head.stack) ?? null : null;
  const window = (stack: Stack): number => Math.min(contextOf(stack), lengthOf(stack));
  return {
    graphs({ prompts, rows, decoder, encoder: read, cache }) {
      const sizes = { lengthOf: (stack: Stack) => (stack === head.stack ? decoder : read), cache };
      return { prefill: prefillGraph(architecture, head, { ...sizes, batch: prompts }), decode: decodeGraph(architecture, head, { ...sizes, batch: rows }) };
    },
    window: window(head.stack),
    encoder: encoder && window(encoder),
    start,
    vocab: head.width,
    most: dropsTokens(architecture, head) ? 1 : Infinity,
    ragged: masksOf(head.stack).every(isRelative),
  };
}

/** The pair of a plan, made for one prompt and the window of its run. Throws where it has none: the caller says so first. */
export function planSource({ graphs: { prefill, decode }, objective }: Pick<Plan, "graphs" | "objective">): GraphSource {
  if (!prefill || !decode) throw new Error("the plan has no graphs to generate with");
  const { decoder, encoder } = stacksOf(prefill);
  return {
    graphs: () => ({ prefill, decode }),
    window: decoder.length,
    encoder: encoder && encoder.length,
    start: objective.streams.targets?.start ?? null,
    vocab: decode.values[decode.outputs.logits].shape[1],
    most: 1,
    ragged: false,
  };
}

export interface StackInputs { readonly prefix: string; readonly length: number }

/** The stacks of `prefill` by the prefixes of its inputs: the decoder is the one whose last position is read. */
export function stacksOf({ inputs, values }: Graph): { readonly decoder: StackInputs; readonly encoder: StackInputs | null } {
  const stack = (name: string): StackInputs => ({ prefix: name.slice(0, -"tokens".length), length: values[inputs[name]].shape[1] });
  const all = Object.keys(inputs).filter((name) => (name === "tokens" || name.endsWith(".tokens")) && values[inputs[name]].dtype === "int32").map(stack);
  const decoder = all.find(({ prefix }) => Object.hasOwn(inputs, `${prefix}last`));
  if (!decoder) throw new Error("the graph reads no last position");
  return { decoder, encoder: all.find((one) => one !== decoder) ?? null };
}

/** Experts with a capacity drop tokens by what else is in the batch: there a prompt is alone. */
function dropsTokens(architecture: Architecture, head: Head): boolean {
  return instancesOf(architecture, [head]).some(({ args }) => typeof args.capacity === "number");
}

function masksOf(stack: Stack): MaskExpression[] {
  return [...walk(stack.body)].flatMap((step) => (step.kind === "layer" && step.instance.args.mask ? [step.instance.args.mask as unknown as MaskExpression] : []));
}

/** Whether a mask stays the same when query, key and prefix move together: only then may padding stand before a text. */
function isRelative(mask: MaskExpression): boolean {
  return linesOf(mask)?.every(({ query, key, prefix }) => query + key + prefix === 0) ?? false;
}
