// Back to their names and layouts: weights for an export, gradients beside the file they belong to.

import { accountForExport, leavesOf, type Assignment } from "../../compiler/weights/account.ts";
import type { WeightsMap } from "../../compiler/weights/define.ts";
import { joinOurs, type Tensor } from "../../compiler/weights/layout.ts";
import type { Shape } from "../../compiler/graph/node.ts";
import type { SavedTensor } from "../checkpoints/safetensors.ts";

/** Tensors of ours as theirs, in the shapes of a file; `has` leaves out those that we lack (gradients of what is not trained). */
export function inLayout(layout: readonly (Assignment & { readonly shape: Shape })[], tensor: (name: string) => Tensor, has: (name: string) => boolean = () => true): Map<string, SavedTensor> {
  return new Map(layout.filter(({ ours }) => leavesOf(ours).every(has)).map(({ theirs, ours, shape }) => [theirs, { ...saved(joinOurs(ours, tensor)), shape }]));
}

/** The tensors of a new file of theirs, and the weights that the map has no name for. */
export function exported(map: WeightsMap, weights: ReadonlyMap<string, Tensor>): { readonly tensors: Map<string, SavedTensor>; readonly unmapped: readonly string[] } {
  const { assignments, unmapped } = accountForExport(map, new Set(weights.keys()));
  return { tensors: new Map(assignments.map(({ theirs, ours }) => [theirs, saved(joinOurs(ours, (name) => weights.get(name)!))])), unmapped };
}

function saved({ shape, data }: Tensor): SavedTensor {
  return { dtype: "F32", shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}
