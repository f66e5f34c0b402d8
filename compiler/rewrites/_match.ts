// Matching of patterns against the nodes that a builder holds.

import { opOf } from "../graph/builder.ts";
import type { Node, ValueId, ValueInfo } from "../graph/node.ts";
import { isAgain } from "../graph/scopes.ts";
import type { Match, Pattern } from "./define.ts";

export interface MatchContext {
  info(value: ValueId): ValueInfo;
  /** The node that makes a value; undefined for a graph input. */
  producer(value: ValueId): Node | undefined;
  uses(value: ValueId): number;
}

/** The match of `node` (its inputs are values of the context, its outputs need not exist yet), or null. */
export function matchPattern(pattern: Pattern, node: Node, result: ValueInfo, context: MatchContext): Match | null {
  const values: Record<string, ValueId> = {};
  const nodes: Record<string, Node> = {};
  // A repeated forward node may not be merged with the forward pass, whose values it exists to let go.
  const repeated = isAgain(node.scope);

  const matches = (wanted: Pattern, candidate: Node): boolean => {
    if (wanted.op !== "*" && wanted.op !== candidate.op && !(Array.isArray(wanted.op) && wanted.op.includes(candidate.op))) return false;
    if (wanted.inputs) {
      const keys = opOf(candidate.op).inputs;
      for (const [key, inner] of Object.entries(wanted.inputs)) {
        const at = keys.findIndex((name) => name === key || name === `${key}?`);
        const value = candidate.inputs[at] ?? null;
        if (value === null || inner === null) {
          if (value !== inner) return false;
        } else if (typeof inner === "string") {
          if (Object.hasOwn(values, inner) && values[inner] !== value) return false;
          values[inner] = value;
        } else {
          const made = context.producer(value);
          if (!made || made.outputs[0] !== value || (repeated && !isAgain(made.scope))) return false;
          if (inner.single && context.uses(value) !== 1) return false;
          if (!matches(inner, made)) return false;
        }
      }
    }
    if (wanted.as) nodes[wanted.as] = candidate;
    return true;
  };

  if (!matches(pattern, node)) return null;
  const constant = (value: ValueId): number | null => {
    const made = context.producer(value);
    return made?.op === "constant" ? (made.attributes.value as number) : null;
  };
  return { node, result, values, nodes, info: context.info, constant };
}
