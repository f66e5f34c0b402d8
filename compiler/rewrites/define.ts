// The contract of a rewrite: a titled row. Tests are generated from its example: it fires, and values stay the same in float64.

import type { Builder } from "../graph/builder-types.ts";
import type { Graph, Node, ValueId, ValueInfo } from "../graph/node.ts";

/**
 * A node by its op (or several, or `*`), with its inputs by name: a nested pattern, a word that captures the value
 * (the same word twice must be the same value), or null for an optional input that must be absent. Inputs not named are free.
 */
export interface Pattern {
  readonly op: string | readonly string[];
  readonly inputs?: { readonly [input: string]: Pattern | string | null };
  /** Captures the node. */
  readonly as?: string;
  /** Nothing else uses its output: otherwise it would still be computed. */
  readonly single?: boolean;
}

export interface Match {
  /** The node that the pattern starts from, with its output's shape and type. */
  readonly node: Node;
  readonly result: ValueInfo;
  /** Captured values and nodes by their words. */
  readonly values: { readonly [word: string]: ValueId };
  readonly nodes: { readonly [word: string]: Node };
  info(value: ValueId): ValueInfo;
  /** The number that a value is filled with everywhere, or null when it is not made by `constant`. */
  constant(value: ValueId): number | null;
}

export interface PatternRewrite {
  /** As `--explain` shows it: `x * 1 → x`. Unique. */
  readonly title: string;
  /** The alternatives are tried in order. The root has one output. */
  readonly pattern: Pattern | readonly Pattern[];
  readonly condition?: (match: Match) => boolean;
  /** The value that takes the place of the root's output: of the same shape and type. New nodes take the root's scope. */
  readonly replacement: (b: Builder, match: Match) => ValueId;
  /** Builds a graph, outputs named, in which the row fires. */
  readonly example: (b: Builder) => void;
}

/** For what no pattern can say: looks at the whole graph, in linear time, and calls `fire` with the scope of each change. */
export interface GraphRewrite {
  readonly title: string;
  readonly rewrite: (graph: Graph, fire: (scope: string) => void) => Graph;
  readonly example: (b: Builder) => void;
}

export type Rewrite = PatternRewrite | GraphRewrite;

export interface RewriteFamily {
  readonly word: string;
  readonly doc: string;
  readonly rows: readonly Rewrite[];
}

export function defineFamily(family: RewriteFamily): RewriteFamily {
  return family;
}

/** Inputs of examples: `x` of this shape. */
export function floatInput(b: Builder, name: string, ...shape: number[]): ValueId {
  return b.input(name, { shape, dtype: "float32" });
}
