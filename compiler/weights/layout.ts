// One tensor of theirs as several of ours, and back: transposed, concatenated along the first axis, axes of length 1 ignored.

import { sizeOf, type Shape } from "../graph/node.ts";
import type { Ours } from "./define.ts";

/** Row-major values; float32 from files, float64 for the oracle. */
export type Values = Float32Array | Float64Array;
export interface Tensor { readonly shape: Shape; readonly data: Values }

export type ShapeOf = (name: string) => Shape;

/** Shape of the tensor that holds these of ours; null when they do not fit together. */
export function shapeOfOurs(ours: Ours, shapeOf: ShapeOf): Shape | null {
  switch (ours.kind) {
    case "name":
      return shapeOf(ours.pattern);
    case "transposed": {
      const shape = shapeOfOurs(ours.of, shapeOf);
      return shape?.length === 2 ? [shape[1], shape[0]] : null;
    }
    case "concat": {
      const shapes = ours.parts.map((part) => shapeOfOurs(part, shapeOf));
      const first = shapes[0];
      if (!first?.length || !shapes.every((shape) => shape && sameShape(shape.slice(1), first.slice(1)))) return null;
      return [shapes.reduce((sum, shape) => sum + shape![0], 0), ...first.slice(1)];
    }
    case "off":
      return null;
  }
}

/** Equal but for axes of length 1. */
export function equivalentShapes(a: Shape, b: Shape): boolean {
  return sameShape(a.filter((n) => n !== 1), b.filter((n) => n !== 1));
}

/** Our tensors out of one of theirs, whose shape is equivalent to `shapeOfOurs`. */
export function splitTheirs(ours: Ours, data: Values, shapeOf: ShapeOf): [name: string, tensor: Tensor][] {
  switch (ours.kind) {
    case "name":
      return [[ours.pattern, { shape: shapeOf(ours.pattern), data }]];
    case "transposed": {
      const [rows, columns] = shapeOfOurs(ours, shapeOf)!;
      return splitTheirs(ours.of, transposed(data, rows, columns), shapeOf);
    }
    case "concat": {
      let start = 0;
      return ours.parts.flatMap((part) => {
        const end = start + sizeOf(shapeOfOurs(part, shapeOf)!);
        const piece = data.slice(start, end);
        start = end;
        return splitTheirs(part, piece, shapeOf);
      });
    }
    case "off":
      return [];
  }
}

/** One tensor of theirs out of ours. */
export function joinOurs(ours: Ours, tensor: (name: string) => Tensor): Tensor {
  switch (ours.kind) {
    case "name":
      return tensor(ours.pattern);
    case "transposed": {
      const { shape: [rows, columns], data } = joinOurs(ours.of, tensor);
      return { shape: [columns, rows], data: transposed(data, rows, columns) };
    }
    case "concat": {
      const parts = ours.parts.map((part) => joinOurs(part, tensor));
      const shape = [parts.reduce((sum, part) => sum + part.shape[0], 0), ...parts[0].shape.slice(1)];
      const data = emptyLike(parts[0].data, sizeOf(shape));
      let start = 0;
      for (const part of parts) {
        data.set(part.data, start);
        start += part.data.length;
      }
      return { shape, data };
    }
    case "off":
      throw new Error("a line that is off holds no tensor");
  }
}

function transposed(data: Values, rows: number, columns: number): Values {
  const result = emptyLike(data, data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = data[r * columns + c];
  return result;
}

function emptyLike(data: Values, length: number): Values {
  return data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}
