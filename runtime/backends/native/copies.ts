// Changes of order in C++: transpose, slice, pad_slice, concatenate and broadcast_to as copies with steps along axes.

import type { Shape } from "../../../compiler/graph/node.ts";
import { sizeOf } from "../../../compiler/graph/node.ts";
import { repeatStrides, stridesOf } from "../../../compiler/ops/_strides.ts";
import type { Tensor } from "../../../compiler/ops/define.ts";
import type { KernelContext, MakeKernel } from "./kernels.ts";
import { caller } from "./kernels.ts";

/** As in copy.h. */
const mostAxes = 6;

/** From `x`, offset by elements, to `y`, likewise. */
type CopyCall = (x: Tensor, y: Tensor, offsets?: { readonly from?: number; readonly to?: number }) => void;

/** Axes of size 1 go, and neighbours that one walk covers in both tensors become one; null where more remain than the kernel has. */
function copyOf(context: KernelContext, size: Shape, from: readonly number[], to: readonly number[]): CopyCall | null {
  const axes: { size: number; from: number; to: number }[] = [];
  for (let axis = 0; axis < size.length; axis++) {
    if (size[axis] === 1) continue;
    const outer = axes.at(-1);
    if (outer && outer.from === from[axis] * size[axis] && outer.to === to[axis] * size[axis]) axes[axes.length - 1] = { size: outer.size * size[axis], from: from[axis], to: to[axis] };
    else axes.push({ size: size[axis], from: from[axis], to: to[axis] });
  }
  if (axes.length === 0) axes.push({ size: sizeOf(size), from: 1, to: 1 });
  if (axes.length > mostAxes) return null;
  const call = caller(context, "copy");
  const numbers = axes.flatMap((axis) => [axis.size, axis.from, axis.to]);
  return (x, y, offsets = {}) => call(context.memory.address(x) + 4 * (offsets.from ?? 0), context.memory.address(y) + 4 * (offsets.to ?? 0), axes.length, ...numbers);
}

const transpose: MakeKernel = (context) => ({ attributes }, [x], [y]) => {
  const strides = stridesOf(x!.shape);
  const copy = copyOf(context, y.shape, (attributes.permutation as readonly number[]).map((axis) => strides[axis]), stridesOf(y.shape));
  return copy && (([input], [output]) => copy(input!, output));
};

const slice: MakeKernel = (context) => ({ attributes }, [x], [y]) => {
  const { axis, start } = attributes as { axis: number; start: number };
  const strides = stridesOf(x!.shape);
  const copy = copyOf(context, y.shape, strides, stridesOf(y.shape));
  return copy && (([input], [output]) => copy(input!, output, { from: start * strides[axis] }));
};

const pad_slice: MakeKernel = (context) => ({ attributes }, [x], [y]) => {
  const { axis, start } = attributes as { axis: number; start: number };
  const strides = stridesOf(y.shape);
  const copy = copyOf(context, x!.shape, stridesOf(x!.shape), strides);
  return copy && (([input], [output]) => {
    context.memory.view(output).fill(0);
    copy(input!, output, { to: start * strides[axis] });
  });
};

const concatenate: MakeKernel = (context) => ({ attributes }, [x, y], [z]) => {
  const { axis } = attributes as { axis: number };
  const strides = stridesOf(z.shape);
  const [first, second] = [x!, y!].map(({ shape }) => copyOf(context, shape, stridesOf(shape), strides));
  return first && second && (([a, b], [output]) => {
    first(a!, output);
    second(b!, output, { to: x!.shape[axis] * strides[axis] });
  });
};

const broadcast_to: MakeKernel = (context) => (_, [x], [y]) => {
  const copy = copyOf(context, y.shape, repeatStrides(x!.shape, y.shape), stridesOf(y.shape));
  return copy && (([input], [output]) => copy(input!, output));
};

export const copyKernels: { readonly [op: string]: MakeKernel } = { transpose, slice, pad_slice, concatenate, broadcast_to };
