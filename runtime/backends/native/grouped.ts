// Products of grouped rows: each group's product by the kernel of plain products, on that group's rows where they lie.

import type { GroupedLinearAttributes } from "../../../compiler/ops/grouped_linear.ts";
import type { GroupedProductAttributes } from "../../../compiler/ops/grouped_product.ts";
import { isBfloat16 } from "../../../compiler/ops/_precision.ts";
import { caller, plainly, type MakeKernel } from "./kernels.ts";

const grouped_linear: MakeKernel = (context) => {
  const call = caller(context, "product");
  const { memory } = context;
  return ({ attributes }, [x], [y]) => {
    const { first, transposed } = attributes as unknown as GroupedLinearAttributes;
    const [[P, I], [, O]] = [x!.shape, y.shape];
    const half = isBfloat16(attributes);
    return ([rows, offsets, ...given], [out]) => {
      const starts = memory.view(offsets!);
      const weights = given.filter((weight) => weight !== null);
      const whole = memory.view(out);
      whole.fill(0, 0, starts[first] * O);
      whole.fill(0, starts[first + weights.length] * O, P * O);
      weights.forEach((weight, i) => {
        const [start, end] = [starts[first + i], starts[first + i + 1]];
        if (end > start) call(memory.address(rows!) + 4 * start * I, I, 1, weight, transposed ? 1 : O, transposed ? I : 1, memory.address(out) + 4 * start * O, end - start, O, I, ...plainly, half);
      });
    };
  };
};

const grouped_product: MakeKernel = (context) => {
  const call = caller(context, "product");
  const { memory } = context;
  return ({ attributes }, _, [z]) => {
    const { group } = attributes as unknown as GroupedProductAttributes;
    const [M, N] = z.shape;
    const half = isBfloat16(attributes);
    return ([x, y, offsets], [out]) => {
      const [start, end] = memory.view(offsets!).subarray(group, group + 2);
      if (end === start) memory.view(out).fill(0);
      else call(memory.address(x!) + 4 * start * M, 1, M, memory.address(y!) + 4 * start * N, N, 1, out, M, N, end - start, ...plainly, half);
    };
  };
};

export const groupedKernels: { readonly [op: string]: MakeKernel } = { grouped_linear, grouped_product };
