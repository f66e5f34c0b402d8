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

/** Axes of length 1 that transformers puts before a tensor's own: maps do not look at them, but a new file needs them. */
const leadingAxes: { readonly [theirs: string]: number } = { final_logits_bias: 1, "vit.embeddings.cls_token": 2, "vit.embeddings.position_embeddings": 1 };

/** The tensors of a new file of theirs, and the weights that the map has no name for. */
export function exported(map: WeightsMap, weights: ReadonlyMap<string, Tensor>): { readonly tensors: Map<string, SavedTensor>; readonly unmapped: readonly string[] } {
  const { assignments, unmapped } = accountForExport(map, new Set(weights.keys()));
  const tensors = assignments.map(({ theirs, ours }): [string, SavedTensor] => {
    const tensor = saved(joinOurs(ours, (name) => weights.get(name)!));
    const leading = Object.hasOwn(leadingAxes, theirs) ? leadingAxes[theirs] : 0;
    return [theirs, { ...tensor, shape: [...Array<number>(leading).fill(1), ...tensor.shape] }];
  });
  return { tensors: new Map(tensors), unmapped };
}

function saved({ shape, data }: Tensor): SavedTensor {
  return { dtype: "F32", shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}
