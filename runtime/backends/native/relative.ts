// Biases of relative positions and their gradient in C++: the bucket of each distance is looked up once, when the node is prepared.

import type { BucketAttributes } from "../../../compiler/ops/_buckets.ts";
import { bucketTable } from "../../../compiler/ops/_buckets.ts";
import type { Tensor } from "../../../compiler/ops/define.ts";
import type { KernelContext, MakeKernel } from "./kernels.ts";
import { caller } from "./kernels.ts";

/** Where the buckets by distance lie; those of the last offset are kept. */
function bucketsOf(attributes: BucketAttributes, { binding, memory }: KernelContext): (offset: Tensor | null | undefined) => number {
  let known: number | null = null;
  let table: Int32Array = new Int32Array(0);
  return (offset) => {
    const first = offset ? memory.view(offset)[0] : 0;
    if (known !== first) [known, table] = [first, bucketTable(attributes, first)];
    return binding.address(table);
  };
}

const relative_bias: MakeKernel = (context) => {
  const call = caller(context, "relative_bias");
  return ({ attributes }, [weight]) => {
    const own = attributes as unknown as BucketAttributes;
    const buckets = bucketsOf(own, context);
    return ([table, offset], [bias]) => call(table, buckets(offset), bias, weight!.shape[1], own.queries, own.keys);
  };
};

const relative_bias_gradient: MakeKernel = (context) => {
  const call = caller(context, "relative_bias_gradient");
  return ({ attributes }, [dbias]) => {
    const own = attributes as unknown as BucketAttributes;
    const buckets = bucketsOf(own, context);
    return ([slope, offset], [dweight]) => call(slope, buckets(offset), dweight, dbias!.shape[0], own.queries, own.keys, own.buckets);
  };
};

export const relativeKernels: { readonly [op: string]: MakeKernel } = { relative_bias, relative_bias_gradient };
