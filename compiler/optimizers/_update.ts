// The update graph of a run: global gradient norm, clipping, weight decay and the optimizer's update of every parameter.

import type { Builder } from "../graph/builder-types.ts";
import type { Shape, ValueId } from "../graph/node.ts";
import type { Arguments, OptimizerDefinition, StateInfo } from "./define.ts";
import { layerFactors } from "./_layers.ts";

export interface UpdateParameter {
  readonly name: string;
  readonly shape: Shape;
  readonly trainable: boolean;
  /** A matrix or an embedding. */
  readonly decay: boolean;
}

export interface StateEntry extends StateInfo {
  /** As in the graph and in checkpoints: `state:NAME.KEY`. */
  readonly name: string;
  readonly key: string;
}

/** State tensors of a parameter, in the optimizer's order. */
export function stateOf(optimizer: OptimizerDefinition, args: Arguments, parameter: Pick<UpdateParameter, "name" | "shape">): StateEntry[] {
  return Object.entries(optimizer.state(args, parameter.shape)).map(([key, info]) => ({ ...info, key, name: `state:${parameter.name}.${key}` }));
}

/**
 * Inputs: for each trainable parameter NAME, `gradient:NAME` and `state:NAME.KEY`; then the scalars `rate` (lr times the
 * schedule's factor) and `step` (1 for the first, as a float). Outputs: NAME, `state:NAME.KEY`, and `gradient_norm`, the
 * 2-norm of all gradients before clipping. Parameters that are not trained do not occur.
 * Scalars that all parameters share are built for each: `optimize` computes them once.
 */
export function buildUpdate(b: Builder, parameters: readonly UpdateParameter[], optimizer: OptimizerDefinition, args: Arguments): void {
  const float = (name: string, shape: Shape): ValueId => b.input(name, { shape, dtype: "float32" });
  const inputs = parameters
    .filter((parameter) => parameter.trainable)
    .map((parameter) => ({
      parameter,
      value: float(parameter.name, parameter.shape),
      gradient: float(`gradient:${parameter.name}`, parameter.shape),
      state: Object.fromEntries(stateOf(optimizer, args, parameter).map(({ key, name, shape }) => [key, float(name, shape)])),
    }));
  const rate = float("rate", []);
  const step = float("step", []);
  const factors = layerFactors(parameters.map(({ name }) => name), typeof args.layer_decay === "number" ? args.layer_decay : 1);
  const rateOf = (name: string): ValueId => (factors.get(name) === 1 ? rate : b.scale(rate, { factor: factors.get(name)! }));

  b.within("update", () => {
    const norm = b.within("gradient_norm", () => normOf(b, inputs.map(({ gradient }) => gradient)));
    const clip = clipOf(args);
    const factor = clip === null ? null : b.within("clip", () => b.clip_factor(norm, { limit: clip }));
    for (const { parameter, value, gradient, state } of inputs) {
      b.within(parameter.name, () => {
        const updated = optimizer.update(b, {
          parameter: value,
          gradient: factor === null ? gradient : b.multiply(gradient, factor),
          state,
          rate: rateOf(parameter.name),
          step,
          decay: parameter.decay || args.decay === "everything",
          args,
        });
        b.output(parameter.name, updated.parameter);
        for (const { key, name } of stateOf(optimizer, args, parameter)) b.output(name, updated.state[key]);
      });
    }
    b.output("gradient_norm", norm);
  });
}

function clipOf(args: Arguments): number | null {
  return typeof args.clip === "number" ? args.clip : null;
}

/** √Σ g² over all elements of all gradients. */
function normOf(b: Builder, gradients: readonly ValueId[]): ValueId {
  if (gradients.length === 0) return b.constant({ shape: [], value: 0 });
  return b.square_root(gradients.map((gradient) => b.sum_of_squares(gradient)).reduce((sum, square) => b.add(sum, square)));
}
