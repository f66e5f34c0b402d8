// Products of grouped rows: each group's product by the module's own, on that group's rows where they lie.

import type { GroupedLinearAttributes } from "../../../compiler/ops/grouped_linear.ts";
import type { GroupedProductAttributes } from "../../../compiler/ops/grouped_product.ts";
import type { Kernel } from "../define.ts";
import type { KernelContext } from "./kernels.ts";

type MakeKernel = (context: KernelContext) => Kernel;

const grouped_linear: MakeKernel = ({ module, address, memory }) => ({ attributes }, [x], [y]) => {
  const { first, transposed } = attributes as unknown as GroupedLinearAttributes;
  const [[P, I], [, O]] = [x!.shape, y.shape];
  return ([rows, offsets, ...given], [out]) => {
    // A copy: the heap may move when the product takes scratch space.
    const starts = memory.view(offsets!).slice();
    const weights = given.filter((weight) => weight !== null);
    weights.forEach((weight, i) => {
      const [start, end] = [starts[first + i], starts[first + i + 1]];
      if (end === start) return;
      const matrix = transposed ? { at: address(weight), rowStride: 4, columnStride: 4 * I } : { at: address(weight), rowStride: 4 * O, columnStride: 4 };
      module.multiply({ at: address(rows!) + 4 * start * I, rowStride: 4 * I, columnStride: 4 }, matrix, address(out) + 4 * start * O, 4 * O, end - start, O, I);
    });
    const whole = memory.view(out);
    whole.fill(0, 0, starts[first] * O);
    whole.fill(0, starts[first + weights.length] * O, P * O);
  };
};

const grouped_product: MakeKernel = ({ module, address, memory }) => ({ attributes }, _, [z]) => {
  const { group } = attributes as unknown as GroupedProductAttributes;
  const [M, N] = z.shape;
  return ([x, y, offsets], [out]) => {
    const [start, end] = memory.view(offsets!).subarray(group, group + 2);
    if (end === start) memory.view(out).fill(0);
    else module.multiply({ at: address(x!) + 4 * start * M, rowStride: 4, columnStride: 4 * M }, { at: address(y!) + 4 * start * N, rowStride: 4 * N, columnStride: 4 }, address(out), 4 * N, M, N, end - start);
  };
};

export const groupedKernels: { readonly [op: string]: MakeKernel } = { grouped_linear, grouped_product };
