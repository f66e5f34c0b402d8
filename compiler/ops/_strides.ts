// Walking a tensor in an order that is not its own: strides and the offsets of rows.

import { sizeOf, type Shape } from "../graph/node.ts";

/** How far apart neighbours along each axis lie in row-major order. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, step = 1; axis >= 0; step *= shape[axis--]) strides[axis] = step;
  return strides;
}

/** `inner` ends `outer` but for axes of size 1, along which it is repeated. */
export function isRepeated(inner: Shape, outer: Shape): boolean {
  const lead = outer.length - inner.length;
  return lead >= 0 && inner.every((n, i) => n === 1 || n === outer[lead + i]);
}

/** For each axis of `outer`, the step in `inner`: 0 where `inner` is repeated. */
export function repeatStrides(inner: Shape, outer: Shape): number[] {
  const lead = outer.length - inner.length;
  const own = stridesOf(inner);
  return outer.map((_, axis) => (axis < lead || inner[axis - lead] === 1 ? 0 : own[axis - lead]));
}

/** Where each row (last axis) of a walk over `shape` begins, given the step of each axis in the other tensor. */
export function rowOffsets(shape: Shape, strides: readonly number[]): Int32Array {
  const lead = shape.slice(0, -1);
  const offsets = new Int32Array(sizeOf(lead));
  const at = new Array<number>(lead.length).fill(0);
  let offset = 0;
  for (let row = 0; row < offsets.length; row++) {
    offsets[row] = offset;
    for (let axis = lead.length - 1; axis >= 0; axis--) {
      offset += strides[axis];
      if (++at[axis] < lead[axis]) break;
      offset -= strides[axis] * lead[axis];
      at[axis] = 0;
    }
  }
  return offsets;
}
