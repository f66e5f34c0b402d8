// A model as a table of layers: shapes, parameters, operations; repeats of identical copies folded.

import type { Field } from "../grammar/fields.ts";
import { idleParameters, ownersOf, type Architecture, type Head, type Instance, type Stack, type Step } from "./architecture.ts";
import { costsOf } from "./graph/costs.ts";
import { classifyMask } from "./graph/mask.ts";
import { sizeOf, type Graph } from "./graph/node.ts";
import type { MaskExpression } from "./masks/define.ts";
import { forward } from "./phases/3-build.ts";
import { stackSize } from "./sizes.ts";
import { maskText, resolvedText } from "./value-text.ts";

export interface LayerView {
  /** Path of this use. */
  readonly path: string;
  readonly word: string;
  /** Arguments that were given, as text. */
  readonly arguments: string;
  /** `B` sequences of `T` positions, or numbers. */
  readonly shape: readonly (string | number)[];
  /** Of this place: 0 where it shares the weights of another. */
  readonly parameters: number;
  /** Forward, for one token of a sequence of the view's length. */
  readonly flops: number;
  /** Path of the weights it shares, if any. */
  readonly shares: string | null;
}

export type ViewStep =
  | { readonly kind: "layer"; readonly layer: LayerView }
  | { readonly kind: "residual" | "sequence" | "parallel"; readonly steps: readonly ViewStep[] }
  /** `copies` of the `steps` of the copies shown, one after the other; the paths are those of the first ones. */
  | { readonly kind: "repeat"; readonly path: string; readonly copies: number; readonly shown: readonly { readonly path: string; readonly steps: readonly ViewStep[] }[] };

export interface ModelView {
  readonly name: string;
  /** Positions for which FLOPs are counted. */
  readonly length: number;
  readonly sections: readonly { readonly name: string; readonly steps: readonly ViewStep[] }[];
  readonly parameters: number;
  /** Those that one token passes through: fewer where experts are chosen. */
  readonly active: number;
  /** Forward, a token. */
  readonly flops: number;
  /** Distinct masks with the attention layers that have them. */
  readonly masks: readonly { readonly mask: MaskExpression; readonly text: string; readonly class: string; readonly paths: readonly string[] }[];
}

/** The forward pass over one sequence, with these heads. */
export function forwardGraph(architecture: Architecture, heads: readonly Head[], length: number): Graph {
  const pass = forward(architecture, heads, { batch: 1, size: (stack) => stackSize(stack, length), pack: false, padding: false, training: false });
  const streams = architecture.stacks.map((stack) => ({ path: stack.path, value: pass.stream(stack) }));
  if (!heads.length) for (const { path, value } of streams) pass.b.output(path, value);
  for (const head of heads) pass.b.output(head.name, pass.head(head));
  return pass.b.finish();
}

export function viewModel(architecture: Architecture, heads: readonly Head[], length: number): ModelView {
  const { scopes, total } = costsOf(forwardGraph(architecture, heads, length));
  const seen = new Map<string, number>();
  const masks = new Map<string, { mask: MaskExpression; paths: string[] }>();
  const flopsAt = (path: string): number => (scopes[path]?.flops ?? 0) / length;

  const layer = (instance: Instance, path: string, state: { pooled: boolean }): LayerView => {
    const { definition, args, input } = instance;
    const shared = seen.has(instance.path);
    let parameters = 0;
    for (const { path: owner, weights } of ownersOf(instance)) {
      if (seen.has(owner)) continue;
      const count = Object.values(weights).reduce((sum, { shape, buffer }) => sum + (buffer ? 0 : sizeOf(shape)), 0);
      seen.set(owner, count);
      parameters += count;
    }
    if (definition.role === "pool") state.pooled = true;
    const mask = args.mask as MaskExpression | undefined;
    if (mask) {
      const key = JSON.stringify(mask);
      const known = masks.get(key) ?? { mask, paths: [] };
      known.paths.push(path);
      masks.set(key, known);
    }
    return {
      path,
      word: definition.word,
      arguments: argumentsText(instance),
      shape: ["B", ...(state.pooled ? [] : ["T"]), definition.width(args, input)],
      parameters,
      flops: flopsAt(path),
      shares: shared ? instance.path : usesTable(instance) ? tableOf(instance, architecture) : null,
    };
  };

  const view = (steps: readonly Step[], state: { pooled: boolean }): ViewStep[] =>
    steps.map((step): ViewStep => {
      switch (step.kind) {
        case "layer":
          return { kind: "layer", layer: layer(step.instance, step.path, state) };
        case "residual":
        case "sequence":
          return { kind: step.kind, steps: view(step.body, state) };
        case "parallel":
          return { kind: "parallel", steps: view(step.members, state) };
        case "repeat": {
          const copies = step.copies.map((copy, i) => ({ path: `${step.path}.${i}`, steps: view(copy, state) }));
          return { kind: "repeat", path: step.path, copies: copies.length, shown: copies.slice(0, periodOf(copies.map((copy) => signature(copy.steps, copy.path)))) };
        }
      }
    });

  const stackView = (stack: Stack) => ({ name: stack.path, steps: [...stack.embed.map((instance): ViewStep => ({ kind: "layer", layer: layer(instance, instance.path, { pooled: false }) })), ...view(stack.body, { pooled: false })] });
  const branchesOf = (head: Head) => head.branches.map(({ stack, body }) => ({ name: `head ${head.name}, ${stack.path}`, steps: view(body, { pooled: false }) }));
  const sections = [...architecture.stacks.map(stackView), ...heads.flatMap((head) => [...branchesOf(head), { name: `head ${head.name}`, steps: view(head.body, { pooled: head.branches.length > 0 }) }])];
  const parameters = [...seen.values()].reduce((sum, count) => sum + count, 0);
  return {
    name: architecture.name,
    length,
    sections,
    parameters,
    active: parameters - idleParameters(architecture, heads),
    flops: total.flops / length,
    masks: [...masks.values()].map(({ mask, paths }) => ({ mask, text: maskText(mask), class: classText(mask), paths })),
  };
}

export function classText(mask: MaskExpression): string {
  const { class: name, document, band } = classifyMask(mask);
  const side = (bound: number | null): string => (bound === null ? "…" : bound === 0 ? "query" : bound < 0 ? `query - ${-bound}` : `query + ${bound}`);
  return `${name}${band ? ` (keys ${side(band[0])} to ${side(band[1])})` : ""}${document ? ", within documents" : ""}`;
}

function usesTable({ definition, args }: Instance): boolean {
  return definition.word === "tied" || args.tied === true;
}

function tableOf(instance: Instance, architecture: Architecture): string {
  const stack = architecture.stacks.find((one) => one.table && one.table.width === instance.input.table?.width && one.table.vocab === instance.input.table?.vocab);
  return `${stack?.table?.instance.path ?? "the token table"}.weight`;
}

/** The smallest n such that every copy is like the one n before it. */
function periodOf(signatures: readonly string[]): number {
  for (let n = 1; n < signatures.length; n++) if (signatures.every((one, i) => one === signatures[i % n])) return n;
  return signatures.length;
}

/** What a copy shows, without its own path. */
function signature(steps: readonly ViewStep[], path: string): string {
  return JSON.stringify(steps).replaceAll(`"${path}.`, '"');
}

function argumentsText({ definition, args, places }: Instance): string {
  const parameters: Readonly<Record<string, Field>> = definition.parameters;
  return Object.keys(args).filter((name) => places[name] !== undefined && name !== "width").map((name) => `${parameters[name]?.positional ? "" : `${name}: `}${name === "mask" ? maskText(args[name] as unknown as MaskExpression) : resolvedText(args[name])}`).join(", ");
}
