// Reverse-mode differentiation on the graph: gradient nodes are appended to the builder that holds the forward nodes.
// Recomputation (Chen et al. 2016, "Training deep nets with sublinear memory cost") repeats forward nodes before their gradients.

import { namedInputs, opOf } from "../graph/builder.ts";
import type { Builder } from "../graph/builder-types.ts";
import type { Node, ValueId } from "../graph/node.ts";
import { againScope } from "../graph/scopes.ts";
import { describeInfo, sameInfo } from "../graph/verify.ts";

export interface DifferentiateOptions {
  /**
   * Groups forward nodes by scope into segments (`layerOf` of graph/scopes.ts: one a layer); null: kept as it is. Before a
   * segment's gradients its nodes are emitted once more from the segment's inputs, so only what crosses a border stays alive.
   * Values and gradients are the same, dropout included, because its bits depend only on counters.
   */
  readonly recompute?: (scope: string) => string | null;
  /** d result / d loss, of the loss's shape; 1 by default. */
  readonly seed?: ValueId;
}

/**
 * Values of d loss / d wanted, in the order of `wanted`; null where the loss does not depend on it. The loss is a float scalar
 * unless a seed is given. Only paths from `wanted` to `loss` are followed; gradient nodes carry the scope of their forward node.
 */
export function differentiate(builder: Builder, loss: ValueId, wanted: readonly ValueId[], options: DifferentiateOptions = {}): (ValueId | null)[] {
  const forward = builder.nodes.slice();
  const onPath = dependents(builder, forward, wanted);
  const gradients = new Map<ValueId, ValueId>();
  if (onPath.has(loss)) gradients.set(loss, options.seed ?? seedOf(builder, loss));
  const segments = createSegments(builder, forward, options.recompute);

  for (let i = forward.length - 1; i >= 0; i--) {
    const node = forward[i];
    const flowing = node.outputs.map((value) => gradients.get(value) ?? null);
    const follow = node.inputs.map((value) => value !== null && onPath.has(value));
    if (!flowing.some((value) => value !== null) || !follow.includes(true)) continue;

    const again = segments(i);
    builder.at(node.scope, () => {
      const produced = gradientsOf(builder, again ?? node, flowing);
      node.inputs.forEach((value, k) => {
        const gradient = produced[k];
        if (value === null || gradient === null || !follow[k]) return;
        if (!sameInfo(builder.info(gradient), builder.info(value))) {
          throw new Error(`gradient of \`${node.op}\` for \`${opOf(node.op).inputs[k]}\` is ${describeInfo(builder.info(gradient))}, the input is ${describeInfo(builder.info(value))}`);
        }
        const sum = gradients.get(value);
        // Summed at once rather than at the end: a weight shared by n layers would keep n gradients alive.
        gradients.set(value, sum === undefined ? gradient : builder.add(sum, gradient));
      });
    });
  }
  return wanted.map((value) => gradients.get(value) ?? null);
}

/** `wanted` and every float value that depends on one of them. */
function dependents(builder: Builder, forward: readonly Node[], wanted: readonly ValueId[]): Set<ValueId> {
  const reached = new Set(wanted.filter((value) => builder.info(value).dtype === "float32"));
  for (const node of forward) {
    if (!node.inputs.some((value) => value !== null && reached.has(value))) continue;
    for (const value of node.outputs) if (builder.info(value).dtype === "float32") reached.add(value);
  }
  return reached;
}

function seedOf(builder: Builder, loss: ValueId): ValueId {
  const { shape, dtype } = builder.info(loss);
  if (shape.length !== 0 || dtype !== "float32") throw new Error(`the loss is ${describeInfo({ shape, dtype })}, not a float scalar`);
  return builder.at("loss", () => builder.constant({ shape: [], value: 1 }));
}

/** Gradients by position of the node's inputs. */
function gradientsOf(builder: Builder, node: Node, flowing: readonly (ValueId | null)[]): (ValueId | null)[] {
  const definition = opOf(node.op);
  if (definition.gradient === "not differentiable") throw new Error(`\`${node.op}\` (${node.scope}) is not differentiable, and the loss depends on a wanted value through it`);
  const named = definition.gradient(builder, { inputs: namedInputs(definition, node.inputs) as never, outputs: node.outputs, attributes: node.attributes as never }, flowing) as Record<string, ValueId | null>;
  return definition.inputs.map((key) => named[key.replace("?", "")] ?? null);
}

/**
 * Answers, for the index of a forward node, its repetition (null when it is not in a segment). The nodes of a segment are
 * repeated all together the first time one of them is asked for; what turns out unused is removed as dead code.
 */
function createSegments(builder: Builder, forward: readonly Node[], group: DifferentiateOptions["recompute"]): (index: number) => Node | null {
  if (!group) return () => null;
  const nameOf = forward.map((node) => group(node.scope));
  const members = new Map<string, number[]>();
  nameOf.forEach((name, i) => {
    if (name === null) return;
    const list = members.get(name);
    if (list) list.push(i);
    else members.set(name, [i]);
  });
  const repeated = new Map<number, Node>();

  return (index) => {
    const name = nameOf[index];
    if (name === null) return null;
    if (!repeated.has(index)) {
      const renamed = new Map<ValueId, ValueId>();
      for (const i of members.get(name) as number[]) {
        const { op, inputs, attributes, outputs, scope } = forward[i];
        const newInputs = inputs.map((value) => (value === null ? null : (renamed.get(value) ?? value)));
        const newOutputs = builder.at(againScope(scope), () => builder.add_node(op, newInputs, attributes));
        outputs.forEach((value, k) => renamed.set(value, newOutputs[k]));
        repeated.set(i, { op, inputs: newInputs, attributes, outputs: newOutputs, scope });
      }
    }
    return repeated.get(index) as Node;
  };
}
