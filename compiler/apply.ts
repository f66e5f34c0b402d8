// The graph of a model on given inputs: the heads' results, and on demand the loss and its gradients.

import { instancesOf, weightsOf, type Architecture, type Head, type Stack } from "./architecture.ts";
import type { ApplyDefinition } from "./apply/define.ts";
import { apply } from "./apply/index.ts";
import { createBuilder } from "./graph/builder.ts";
import type { Graph, Shape } from "./graph/node.ts";
import { forward, type StackSize } from "./phases/3-build.ts";
import { differentiate } from "./phases/4-differentiate.ts";
import { optimize } from "./phases/5-optimize.ts";

export interface ApplyOptions {
  readonly batch: number;
  /** Positions of each stack, and the size of its image. */
  readonly size: (stack: Stack) => StackSize;
  readonly loss: boolean;
  /** Implies the loss. */
  readonly gradients: boolean;
}

/** All ways to apply a model, by word. */
export const applications: { readonly [word: string]: ApplyDefinition } = apply;

/** The way that fits these heads; undefined when none does yet. */
export function applicationOf(architecture: Architecture, heads: readonly Head[]): ApplyDefinition | undefined {
  return Object.values(applications).find((definition) => definition.fits(heads, architecture));
}

/** Names and shapes of the weights of the stacks and of these heads, in the order of their first use. */
export function weightShapes(architecture: Architecture, heads: readonly Head[]): Map<string, Shape> {
  return new Map([...weightsOf(instancesOf(architecture, heads))].map(({ name, spec }) => [name, spec.shape]));
}

/** Names of those that are trained: neither buffers nor frozen. */
export function trainedWeights(architecture: Architecture, heads: readonly Head[]): Set<string> {
  return new Set([...weightsOf(instancesOf(architecture, heads))].flatMap(({ name, spec }) => (spec.buffer || spec.frozen ? [] : [name])));
}

/**
 * Inputs: the weights by name, the fields of each stack that its layers use (`streamInput`: `tokens`, `positions`, `real`,
 * `segments` int32 [B, T], `last` int32 [B], `pixels` [B, C, height, width]), and what the loss declares. Outputs: those of the application by name, `loss`, and `gradient:NAME` for every weight that is trained.
 */
export function applyGraph(architecture: Architecture, heads: readonly Head[], definition: ApplyDefinition, { batch, size, loss, gradients }: ApplyOptions): Graph {
  const pass = forward(architecture, heads, { batch, size, pack: false, padding: true, training: false });
  const { b } = pass;
  const outputs = definition.outputs(pass, heads);
  for (const [name, value] of Object.entries(outputs)) b.output(name, value);
  if (loss || gradients) b.output("loss", definition.loss(pass, outputs));
  const ahead = optimize(b.finish());
  if (!gradients) return ahead;
  const whole = createBuilder(ahead);
  const names = [...trainedWeights(architecture, heads)];
  const found = differentiate(whole, ahead.outputs.loss, names.map((name) => ahead.inputs[name]));
  for (const [name, value] of Object.entries(ahead.outputs)) whole.output(name, value);
  names.forEach((name, i) => whole.output(`gradient:${name}`, found[i] ?? whole.constant({ shape: whole.info(ahead.inputs[name]).shape, value: 0 })));
  return optimize(whole.finish());
}
