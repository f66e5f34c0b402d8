// Images as fields of a batch: `PREFIXpixels` float32 [C, H, W], and what their stack asks for beside them.

import type { PlanImages } from "../../compiler/objectives/plan.ts";
import type { PlanImageColumn } from "../../compiler/plan/schema.ts";
import { normalizer } from "../images/fit.ts";
import type { Field } from "./fields.ts";

export const pixelsOf = ({ channels, height, width }: PlanImages): number => channels * height * width;

/** Fields of `examples` images, all pixels 0. Patches have no padding: their positions are known. */
export function imageFields(images: PlanImages, examples: number): [name: string, field: Field][] {
  const { prefix, positions } = images;
  const row = pixelsOf(images);
  return [
    [`${prefix}pixels`, { data: new Float32Array(examples * row), row, empty: 0 }],
    [`${prefix}positions`, { data: Int32Array.from({ length: examples * positions }, (_, i) => i % positions), row: positions, empty: 0 }],
    [`${prefix}last`, { data: new Int32Array(examples).fill(positions - 1), row: 1, empty: 0 }],
  ];
}

/** Writes bytes [C, H, W] into a row of `PREFIXpixels`, normalized. */
export function imageWriter(images: PlanImages, column: PlanImageColumn): (fields: ReadonlyMap<string, Field>, row: number, bytes: ArrayLike<number>) => void {
  const tables = normalizer(column, images.channels);
  const area = images.height * images.width;
  return (fields, row, bytes) => {
    const { data, row: size } = fields.get(`${images.prefix}pixels`)!;
    tables.forEach((table, channel) => {
      for (let at = channel * area; at < (channel + 1) * area; at++) data[row * size + at] = table[bytes[at]];
    });
  };
}
