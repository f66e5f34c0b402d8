// Shape rules shared by ops.

import { sizeOf, type Shape, type ValueInfo } from "../graph/node.ts";

export const float = (...shape: number[]): ValueInfo => ({ shape, dtype: "float32" });

/** The last axis. */
export function widthOf(shape: Shape): number {
  return shape[shape.length - 1];
}

/** How many rows of the last axis there are: the product of the axes before it. */
export function rowsOf(shape: Shape): number {
  return sizeOf(shape.slice(0, -1));
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** `inner` is the end of `outer`; [] ends everything. */
export function isSuffix(inner: Shape, outer: Shape): boolean {
  return inner.length <= outer.length && sameShape(inner, outer.slice(outer.length - inner.length));
}

/** A broken requirement is a bug of the caller. */
export function expect(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export function expectShape(what: string, info: ValueInfo, shape: Shape): void {
  expect(sameShape(info.shape, shape), `${what} is [${info.shape}], not [${shape}]`);
}

/** Elements of all named values together. */
export function total(infos: readonly ValueInfo[]): number {
  return infos.reduce((sum, info) => sum + sizeOf(info.shape), 0);
}
