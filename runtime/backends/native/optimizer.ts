// The optimizer's update and the norm of gradients, of all tensors in one call: a table in memory has a row of numbers for each tensor.

import { sizeOf } from "../../../compiler/graph/node.ts";
import type { AdamwAttributes } from "../../../compiler/ops/adamw.ts";
import { adamwFactors } from "../../../compiler/ops/adamw.ts";
import type { Tensor } from "../../../compiler/ops/define.ts";
import type { JoinedKernel } from "../define.ts";
import type { KernelContext, MakeKernel } from "./kernels.ts";
import { caller } from "./kernels.ts";

type MakeJoined = (context: KernelContext) => JoinedKernel;

/** A kernel that reads rows of `columns` numbers, which `fill` writes: of node i from inputs and outputs that begin at those of its own. */
function tabled(context: KernelContext, name: string, rows: number, columns: number, fill: (row: Float64Array, i: number, inputs: readonly (Tensor | null)[], outputs: readonly Tensor[]) => void) {
  const call = caller(context, name);
  const table = new Float64Array(rows * columns);
  const at = context.binding.address(table);
  const views = Array.from({ length: rows }, (_, i) => table.subarray(i * columns, (i + 1) * columns));
  return (inputs: readonly (Tensor | null)[], outputs: readonly Tensor[]): void => {
    const [taken, given] = [inputs.length / rows, outputs.length / rows];
    views.forEach((row, i) => fill(row, i, inputs.slice(i * taken, (i + 1) * taken), outputs.slice(i * given, (i + 1) * given)));
    call(at, rows);
  };
}

/** Rows as `Adamw` in elementwise.h reads them; each tensor has factors of its own: rates may differ, and decay does. */
const adamw: MakeJoined = (context) => (nodes) => {
  const { memory } = context;
  const sizes = nodes.map(({ inputs: [parameter] }) => sizeOf(parameter!.shape));
  const number = (tensor: Tensor): number => memory.view(tensor)[0];
  return tabled(context, "adamw", nodes.length, 17, (row, i, [p, g, m, v, rate, step, factor], outputs) => {
    const own = nodes[i].attributes as unknown as AdamwAttributes;
    const { by, keep, change, root } = adamwFactors(number(rate!), number(step!), factor ? number(factor) : 1, own);
    row[0] = sizes[i];
    [p!, g!, m!, v!, ...outputs].forEach((tensor, k) => (row[1 + k] = memory.address(tensor)));
    row.set([by, keep, own.beta1, 1 - own.beta1, own.beta2, 1 - own.beta2, change, root, own.eps], 8);
  });
};

const sum_of_squares: MakeJoined = (context) => (nodes) => {
  const { memory } = context;
  const sizes = nodes.map(({ inputs: [x] }) => sizeOf(x!.shape));
  return tabled(context, "sum_of_squares", nodes.length, 3, (row, i, [x], [y]) => {
    row[0] = sizes[i];
    row[1] = memory.address(x!);
    row[2] = memory.address(y);
  });
};

export const joinedKernels: { readonly [op: string]: MakeJoined } = { adamw, sum_of_squares };

/** The same for a node by itself. */
export const optimizerKernels: { readonly [op: string]: MakeKernel } = Object.fromEntries(Object.entries(joinedKernels).map(([op, make]): [string, MakeKernel] => [op, (context) => {
  const joined = make(context);
  return ({ attributes }, inputs, outputs) => joined([{ attributes, inputs, outputs }]);
}]));
