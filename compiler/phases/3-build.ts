// Phase 3: an architecture as graph nodes. One function builds the forward pass; the graphs of a plan are its uses.
// Legend: B batch, T positions of the queries, S positions of the keys, D width, V vocabulary.

import type { Architecture, Head, Instance, Scheme, Stack, Step } from "../architecture.ts";
import { instancesOf, readsEncoder, streamInput, weightsOf } from "../architecture.ts";
import { createBuilder } from "../graph/builder.ts";
import type { Builder } from "../graph/builder-types.ts";
import { besideMaps } from "../adaptations/_beside.ts";
import type { Shape, ValueId } from "../graph/node.ts";
import type { ImageSize, LayerContext, Note } from "../layers/define.ts";

/** Sizes of one stack's batch: positions of the queries, and the image where it looks at one. */
export interface StackSize { readonly length: number; readonly image?: ImageSize & { readonly channels: number } }

export interface ForwardOptions {
  readonly batch: number;
  readonly size: (stack: Stack) => StackSize;
  /** Several documents a sequence: an input `documents`. */
  readonly pack: boolean;
  /** Padding can occur: an input `real`. */
  readonly padding: boolean;
  /** Dropout is active: an input `random`. */
  readonly training: boolean;
  /** Generation with the decoder: `write` makes caches of `length` rows, the first from this pass; `extend` reads and extends them at the input `offset`. */
  readonly cache?: { readonly mode: "write" | "extend"; readonly length: number };
  /** Into the graph of another pass, over the same batch: `weights` and `scope` stand before its own names, and each stack gets the fields of another. */
  readonly beside?: { readonly pass: Forward; readonly weights: string; /** Names of weights that are those of the other pass. */ readonly shared?: ReadonlySet<string>; readonly scope: string; readonly stackOf: (stack: Stack) => Stack };
}

/** A forward pass under construction: weights are declared as inputs on first use. */
export interface Forward {
  readonly b: Builder;
  readonly options: ForwardOptions;
  readonly architecture: Architecture;
  readonly heads: readonly Head[];
  /** Features of a stack, [B, T, D]; computed once. */
  stream(stack: Stack): ValueId;
  /** Result of a head over all positions, or over [B, D] after a pool. `from` replaces the stack's features. */
  head(head: Head, from?: ValueId): ValueId;
  /** Results of a head's branches, before they are joined. */
  branches(head: Head): readonly ValueId[];
  /** Name of a stack's field among the inputs. */
  field(stack: Stack, name: string): string;
  /** A field of the batch, an input on first use. */
  input(stack: Stack, name: string, shape: Shape, dtype?: "int32" | "float32"): ValueId;
  readonly weights: ReadonlyMap<string, ValueId>;
  /** What layers left for losses of their own. */
  readonly notes: readonly Note[];
}

export function forward(architecture: Architecture, heads: readonly Head[], options: ForwardOptions): Forward {
  const { batch, cache, beside } = options;
  const b = beside?.pass.b ?? createBuilder();
  const at = <T>(path: string, body: () => T): T => b.at(`${beside?.scope ?? ""}${path}`, body);
  const weights = new Map<string, ValueId>();
  for (const { name, spec } of weightsOf(instancesOf(architecture, heads))) weights.set(name, (beside?.shared?.has(name) ? beside.pass.weights.get(name) : undefined) ?? b.input(`${beside?.weights ?? ""}${name}`, { shape: spec.shape, dtype: "float32" }));
  const notes: Note[] = [];
  const streams = new Map<Stack, ValueId>();
  const biases = new Map<string, ValueId>();
  const fields = new Map<string, ValueId>();
  const random = options.training && usesRandom(architecture, heads) ? b.input("random", { shape: [4], dtype: "int32" }) : null;
  const offset = cache?.mode === "extend" ? b.input("offset", { shape: [], dtype: "int32" }) : null;

  const fieldName = (stack: Stack, name: string): string => streamInput(architecture, stack, name);
  /** An input on first use: of the batch's fields a graph takes only those that it needs. */
  const field = (stack: Stack, name: string, shape: Shape, dtype: "int32" | "float32" = "int32"): ValueId => {
    if (beside) return beside.pass.input(beside.stackOf(stack), name, shape, dtype);
    const whole = fieldName(stack, name);
    let value = fields.get(whole);
    if (value === undefined) fields.set(whole, (value = b.input(whole, { shape, dtype })));
    return value;
  };
  /** Caches grow in the stack that is generated. */
  const generates = (stack: Stack): boolean => cache !== undefined && stack.word === "decoder";
  const lengthOf = (stack: Stack): number => options.size(stack).length;
  const keysOf = (stack: Stack): number => (generates(stack) && cache!.mode === "extend" ? cache!.length : lengthOf(stack));
  // The inputs of a decoder beside an encoder are `start` and the targets shifted: it has no padding mask. Images have no padding.
  const realOf = (stack: Stack): ValueId | null => {
    const padded = stack.reads === "tokens" && (readsEncoder(stack) ? false : options.padding || generates(stack));
    return padded ? field(stack, "real", [batch, keysOf(stack)]) : null;
  };
  const documentsOf = (stack: Stack): ValueId | null => (options.pack && stack.reads === "tokens" ? field(stack, "documents", [batch, lengthOf(stack)]) : null);

  const cached = (stack: Stack, name: string, rows: ValueId): ValueId => {
    if (!generates(stack)) return rows;
    if (cache!.mode === "write") {
      const length = b.info(rows).shape[1];
      b.output(`cache:${name}`, length === cache!.length ? rows : b.pad_slice(rows, { axis: 1, start: 0, size: cache!.length }));
      return rows;
    }
    const before = b.input(`cache:${name}`, { shape: [batch, cache!.length, b.info(rows).shape[2]], dtype: "float32" });
    const after = b.cache_write(before, rows, offset!);
    b.output(`cache:${name}`, after);
    return after;
  };

  const kept = (stack: Stack, name: string, length: number, width: number, rows: () => ValueId): ValueId => {
    if (!generates(stack)) return rows();
    if (cache!.mode === "extend") return b.input(`memory:${name}`, { shape: [batch, length, width], dtype: "float32" });
    const value = rows();
    b.output(`memory:${name}`, value);
    return value;
  };

  const own = (owner: Pick<Instance, "path" | "weights">): Record<string, ValueId> => Object.fromEntries(Object.keys(owner.weights).map((leaf) => [leaf, weights.get(`${owner.path}.${leaf}`)!]));

  /** One bias for all layers that use a scheme. */
  const biasOf = (scheme: Scheme, stack: Stack): ValueId | null => {
    const { definition, heads, args } = scheme;
    if (!definition.bias) return null;
    const key = `${stack.path} ${scheme.path}`;
    let bias = biases.get(key);
    if (bias === undefined) biases.set(key, (bias = at(scheme.path, () => definition.bias!(b, { heads, queries: lengthOf(stack), keys: keysOf(stack), offset }, args, own(scheme)))));
    return bias;
  };

  const contextOf = (instance: Instance, path: string, stack: Stack): LayerContext => {
    const { length, image } = options.size(stack);
    const stackPart = (argument: string): Stack => {
      const part = instance.parts[argument];
      if (part?.kind !== "stack") throw new Error(`${instance.path}: \`${argument}\` is no stack`);
      return part.stack;
    };
    const context: LayerContext = {
      b: instance.lowRank ? besideMaps(b, instance, path, own(instance), random) : b, batch, length, path, streamWidth: instance.input.width, pixels: stack.reads === "pixels", random, offset: generates(stack) ? offset : null,
      field: (name) => {
        if (name !== "pixels") return field(stack, name, [batch, length]);
        if (!image) throw new Error(`${stack.path} has no image size`);
        return field(stack, name, [batch, image.channels, image.height, image.width], "float32");
      },
      get real() {
        return realOf(stack);
      },
      get documents() {
        return documentsOf(stack);
      },
      prefix: () => field(stack, "prefix", [batch]),
      last: () => field(stack, "last", [batch]),
      cache: (name, rows) => cached(stack, `${path}.${name}`, rows),
      keep: (name, width, rows) => {
        const source = Object.values(instance.parts).find((part) => part.kind === "stack");
        return kept(stack, `${path}.${name}`, source ? lengthOf(source.stack) : length, width, rows);
      },
      table: () => {
        if (!stack.table) throw new Error(`${instance.path} has no token table`);
        return weights.get(`${stack.table.instance.path}.weight`)!;
      },
      part: (argument) => {
        const part = instance.parts[argument];
        if (part?.kind !== "layer") throw new Error(`${instance.path}: \`${argument}\` is no layer`);
        return build(part.instance, part.instance.path, null, stack);
      },
      memory: (argument) => {
        const source = stackPart(argument);
        return { get x() { return stream(source); }, length: lengthOf(source), width: source.width, real: realOf(source), documents: documentsOf(source) };
      },
      scheme: () => {
        const part = instance.parts.positions;
        if (part?.kind !== "scheme") return { turn: (x) => x, bias: null };
        const { definition, args } = part.scheme;
        return { turn: (x, heads) => definition.turn?.(b, x, field(stack, "positions", [batch, length]), heads, args) ?? x, bias: biasOf(part.scheme, stack) };
      },
      note: (note) => notes.push(note),
    };
    return context;
  };

  const build = (instance: Instance, path: string, x: ValueId | null, stack: Stack, other?: ValueId): ValueId =>
    at(path, () => instance.definition.build(contextOf(instance, path, stack), x, instance.args, own(instance), other));

  const run = (steps: readonly Step[], x: ValueId, stack: Stack): ValueId => steps.reduce((value, step) => runStep(step, value, stack), x);

  const runStep = (step: Step, x: ValueId, stack: Stack): ValueId => {
    switch (step.kind) {
      case "layer":
        return build(step.instance, step.path, x, stack);
      case "sequence":
        return run(step.body, x, stack);
      case "residual": {
        const result = run(step.body, x, stack);
        return at(lastPath(step.body), () => b.add(x, result));
      }
      case "parallel":
        return step.members.map((member) => runStep(member, x, stack)).reduce((sum, value) => at(lastPath(step.members), () => b.add(sum, value)));
      case "repeat":
        return step.copies.reduce((value, copy) => run(copy, value, stack), x);
    }
  };

  const stream = (stack: Stack): ValueId => {
    const known = streams.get(stack);
    if (known !== undefined) return known;
    const parts = stack.embed.map((instance) => build(instance, instance.path, null, stack));
    const embedded = parts.reduce((sum, part) => at(`${stack.path}.embed`, () => b.add(sum, part)));
    const value = run(stack.body, embedded, stack);
    streams.set(stack, value);
    return value;
  };

  const branches = (head: Head): ValueId[] => head.branches.map(({ stack, body }) => run(body, stream(stack), stack));

  return {
    b, options, architecture, heads, weights, notes, stream, branches,
    field: fieldName,
    input: field,
    head(head, from) {
      if (!head.branches.length) return run(head.body, from ?? stream(head.stack), head.stack);
      const [first, second] = branches(head);
      const [joining] = head.body;
      if (joining?.kind !== "layer") throw new Error(`the head ${head.name} joins nothing`);
      return build(joining.instance, joining.path, first, head.stack, second);
    },
  };
}

/** Path of the last layer in some steps: where the addition of a residual is filed. */
function lastPath(steps: readonly Step[]): string {
  const step = steps.at(-1);
  if (!step) return "";
  if (step.kind === "layer") return step.path;
  if (step.kind === "repeat") return lastPath(step.copies.at(-1) ?? []);
  return lastPath(step.kind === "parallel" ? step.members : step.body);
}

function usesRandom(architecture: Architecture, heads: readonly Head[]): boolean {
  return instancesOf(architecture, heads).some(({ args, lowRank = {} }) => [args.dropout, args.rate, ...Object.values(lowRank).map((update) => update.dropout)].some((rate) => typeof rate === "number" && rate > 0));
}
