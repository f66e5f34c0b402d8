// Phase 3: an architecture as graph nodes. One function builds the forward pass; the graphs of a plan are its uses.
// Legend: B batch, T positions of the queries, S positions of the keys, D width, V vocabulary.

import type { Architecture, Head, Instance, Stack, Step } from "../architecture.ts";
import { instancesOf, weightsOf } from "../architecture.ts";
import { createBuilder } from "../graph/builder.ts";
import type { Builder } from "../graph/builder-types.ts";
import type { Shape, ValueId } from "../graph/node.ts";
import type { LayerContext } from "../layers/define.ts";

export interface ForwardOptions {
  readonly batch: number;
  /** T: positions of the queries. */
  readonly length: number;
  /** Several documents a sequence: an input `documents`. */
  readonly pack: boolean;
  /** Padding can occur: an input `real`. */
  readonly padding: boolean;
  /** Dropout is active: an input `random`. */
  readonly training: boolean;
  /** Generation: `write` makes caches of S rows from the rows of this pass; `extend` reads and extends them at the input `offset`. */
  readonly cache?: { readonly mode: "write" | "extend"; readonly length: number };
}

/** A forward pass under construction: weights are declared as inputs on first use. */
export interface Forward {
  readonly b: Builder;
  readonly options: ForwardOptions;
  /** Features of a stack, [B, T, D]. */
  stream(stack: Stack): ValueId;
  /** Result of a head over all positions, or over [B, D] after a pool. `from` replaces the stack's features. */
  head(head: Head, from?: ValueId): ValueId;
  readonly weights: ReadonlyMap<string, ValueId>;
}

export function forward(architecture: Architecture, heads: readonly Head[], options: ForwardOptions): Forward {
  const b = createBuilder();
  const { batch, length } = options;
  const weights = new Map<string, ValueId>();
  for (const { name, spec } of weightsOf(instancesOf(architecture, heads))) weights.set(name, b.input(name, { shape: spec.shape, dtype: "float32" }));
  const ids = (name: string, shape: Shape): ValueId => b.input(name, { shape, dtype: "int32" });
  const keys = options.cache?.length ?? length;
  const tokens = ids("tokens", [batch, length]);
  const positions = ids("positions", [batch, length]);
  const real = options.padding || options.cache ? ids("real", [batch, options.cache?.mode === "extend" ? keys : length]) : null;
  const documents = options.pack ? ids("documents", [batch, length]) : null;
  const random = options.training && usesRandom(architecture, heads) ? ids("random", [4]) : null;
  const offset = options.cache?.mode === "extend" ? ids("offset", []) : null;
  let last: ValueId | null = null;

  const contextOf = (instance: Instance, path: string, stack: Stack): LayerContext => ({
    b, batch, length, path, tokens, positions, real, documents, random, offset,
    prefix: null,
    last: () => (last ??= ids("last", [batch])),
    cache: (name, rows) => cached(`${path}.${name}`, rows),
    table: () => {
      if (!stack.table) throw new Error(`${instance.path} has no token table`);
      return weights.get(`${stack.table.instance.path}.weight`)!;
    },
  });

  const cached = (name: string, rows: ValueId): ValueId => {
    if (!options.cache) return rows;
    const width = b.info(rows).shape[2];
    if (options.cache.mode === "write") {
      b.output(`cache:${name}`, rows);
      return rows;
    }
    const before = b.input(`cache:${name}`, { shape: [batch, keys, width], dtype: "float32" });
    const after = b.cache_write(before, rows, offset!);
    b.output(`cache:${name}`, after);
    return after;
  };

  const build = (instance: Instance, path: string, x: ValueId | null, stack: Stack): ValueId => {
    const own = Object.fromEntries(Object.keys(instance.weights).map((leaf) => [leaf, weights.get(`${instance.path}.${leaf}`)!]));
    return b.at(path, () => instance.definition.build(contextOf(instance, path, stack), x, instance.args, own));
  };

  const run = (steps: readonly Step[], x: ValueId, stack: Stack): ValueId => steps.reduce((value, step) => runStep(step, value, stack), x);

  const runStep = (step: Step, x: ValueId, stack: Stack): ValueId => {
    switch (step.kind) {
      case "layer":
        return build(step.instance, step.path, x, stack);
      case "sequence":
        return run(step.body, x, stack);
      case "residual": {
        const result = run(step.body, x, stack);
        return b.at(lastPath(step.body), () => b.add(x, result));
      }
      case "parallel":
        return step.members.map((member) => runStep(member, x, stack)).reduce((sum, value) => b.at(lastPath(step.members), () => b.add(sum, value)));
      case "repeat":
        return step.copies.reduce((value, copy) => run(copy, value, stack), x);
    }
  };

  return {
    b,
    options,
    weights,
    stream(stack) {
      const parts = stack.embed.map((instance) => build(instance, instance.path, null, stack));
      const embedded = parts.reduce((sum, part) => b.at(`${stack.path}.embed`, () => b.add(sum, part)));
      return run(stack.body, embedded, stack);
    },
    head: (head, from) => run(head.body, from ?? raise(head), head.stack),
  };

  function raise(head: Head): never {
    throw new Error(`the head ${head.name} needs the features of ${head.stack.path}`);
  }
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
  return instancesOf(architecture, heads).some(({ args }) => [args.dropout, args.rate].some((rate) => typeof rate === "number" && rate > 0));
}

/** Sum of token losses over counting positions, from inputs `targets` int32 [B, T] and `weights` float32 [B, T]. */
export function nextTokenLoss(pass: Forward, head: Head): ValueId {
  const { b, options } = pass;
  const logits_BTV = pass.head(head, pass.stream(head.stack));
  const shape = [options.batch, options.length];
  const targets = b.input("targets", { shape, dtype: "int32" });
  const weights = b.input("weights", { shape, dtype: "float32" });
  return b.at("loss", () => b.cross_entropy(logits_BTV, targets, weights)[0]);
}
