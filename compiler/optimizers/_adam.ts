// What adam and adamw share: fields, their check, state, and the update of one parameter with decoupled weight decay.

import type { Fields } from "../../grammar/fields.ts";
import type { AdamwAttributes } from "../ops/adamw.ts";
import type { Arguments, OptimizerDefinition, UpdateInputs } from "./define.ts";
import { numberOf } from "./define.ts";

export const betasOf = (args: Arguments): readonly [number, number] => args.betas as unknown as readonly [number, number];

export function betasField(beta1: number, beta2: number, doc = "decay of the running means of the gradient and of its square"): Fields {
  return { betas: { type: { type: "list", of: { type: "number", minimum: 0, maximum: 1 }, minimum: 2, maximum: 2 }, doc, default: `[${beta1}, ${beta2}]` } };
}

export const adamFields: Fields = {
  ...betasField(0.9, 0.999),
  eps: { type: { type: "number", minimum: 0 }, doc: "added to the denominator", default: "1e-8" },
  amsgrad: { type: { type: "switch" }, doc: "divide by the largest mean square so far (Reddi et al. 2018)", default: "off" },
};

export const betasProblem = (args: Arguments): string | null => (betasOf(args).some((beta) => beta >= 1) ? "`betas` must be below 1: at 1 the running mean never moves" : null);

export const adamState: OptimizerDefinition["state"] = (args, shape) => {
  const zeros = { shape, value: 0 };
  return { mean: zeros, square: zeros, ...(args.amsgrad === true ? { largest: zeros } : {}) };
};

export const adamUpdate = (b: Parameters<OptimizerDefinition["update"]>[0], { parameter, gradient, state, rate, step, args }: UpdateInputs, weight_decay: number): ReturnType<OptimizerDefinition["update"]> => {
  const [beta1, beta2] = betasOf(args);
  const attributes: AdamwAttributes = { beta1, beta2, eps: numberOf(args, "eps"), weight_decay };
  if (args.amsgrad === true) {
    const [updated, mean, square, largest] = b.amsgrad(parameter, gradient, state.mean, state.square, state.largest, rate, step, attributes);
    return { parameter: updated, state: { mean, square, largest } };
  }
  const [updated, mean, square] = b.adamw(parameter, gradient, state.mean, state.square, rate, step, null, attributes);
  return { parameter: updated, state: { mean, square } };
};
