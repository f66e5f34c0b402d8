// Ops that run in WebAssembly: from shapes and attributes to calls of the kernels' module.

import { sizeOf } from "../../../compiler/graph/node.ts";
import { rowsOf, widthOf } from "../../../compiler/ops/_shapes.ts";
import type { Tensor } from "../../../compiler/ops/define.ts";
import type { HostMemory, Kernel } from "../define.ts";
import { attention, attention_gradient } from "./attention.ts";
import { dropout } from "./dropout.ts";
import { activationCodes } from "./elementwise.ts";
import type { KernelModule, Matrix } from "./module.ts";

export interface KernelContext {
  readonly module: KernelModule;
  /** Byte address of a tensor's data. */
  address(tensor: Tensor): number;
  readonly memory: HostMemory;
}

type MakeKernel = (context: KernelContext) => Kernel;

/** A row-major matrix, or its transpose. */
function matrix(at: number, width: number, transposed: boolean): Matrix {
  return transposed ? { at, rowStride: 4, columnStride: 4 * width } : { at, rowStride: 4 * width, columnStride: 4 };
}

const matmul: MakeKernel = ({ module, address }) => ({ attributes }, [x, y]) => {
  const { transpose_x, transpose_y } = attributes as { transpose_x: boolean; transpose_y: boolean };
  const [xRows, xWidth, yRows, yWidth] = [rowsOf(x!.shape), widthOf(x!.shape), rowsOf(y!.shape), widthOf(y!.shape)];
  const [rows, depth] = transpose_x ? [xWidth, xRows] : [xRows, xWidth];
  const columns = transpose_y ? yRows : yWidth;
  return ([a, b], [c]) => module.multiply(matrix(address(a!), xWidth, transpose_x), matrix(address(b!), yWidth, transpose_y), address(c), 4 * columns, rows, columns, depth);
};

const linear: MakeKernel = ({ module, address }) => (_, [x, weight]) => {
  const [rows, depth, columns] = [rowsOf(x!.shape), widthOf(x!.shape), weight!.shape[0]];
  return ([a, w, bias], [y]) => module.multiply(matrix(address(a!), depth, false), matrix(address(w!), depth, true), address(y), 4 * columns, rows, columns, depth, false, bias ? address(bias) : 0);
};

const matmul_add: MakeKernel = ({ module, address, memory }) => ({ attributes }, [x, y]) => {
  const { transpose_x, transpose_y } = attributes as { transpose_x: boolean; transpose_y: boolean };
  const [xRows, xWidth, yRows, yWidth] = [rowsOf(x!.shape), widthOf(x!.shape), rowsOf(y!.shape), widthOf(y!.shape)];
  const [rows, depth] = transpose_x ? [xWidth, xRows] : [xRows, xWidth];
  const columns = transpose_y ? yRows : yWidth;
  return ([a, b, addend], [c]) => {
    memory.view(c).set(memory.view(addend!));
    module.multiply(matrix(address(a!), xWidth, transpose_x), matrix(address(b!), yWidth, transpose_y), address(c), 4 * columns, rows, columns, depth, true);
  };
};

const linear_add: MakeKernel = ({ module, address, memory }) => (_, [x, weight]) => {
  const [rows, depth, columns] = [rowsOf(x!.shape), widthOf(x!.shape), weight!.shape[0]];
  return ([a, w, addend, bias], [y]) => {
    const to = memory.view(y);
    to.set(memory.view(addend!));
    // The product adds either what is there or a bias.
    const shift = bias && memory.view(bias);
    if (shift) for (let row = 0; row < rows; row++) for (let j = 0; j < columns; j++) to[row * columns + j] += shift[j];
    module.multiply(matrix(address(a!), depth, false), matrix(address(w!), depth, true), address(y), 4 * columns, rows, columns, depth, true);
  };
};

const linear_activate: MakeKernel = ({ module, address }) => ({ attributes }, [x, weight]) => {
  const { activation } = attributes as { activation: string };
  if (!Object.hasOwn(activationCodes, activation)) return null;
  const [rows, depth, columns] = [rowsOf(x!.shape), widthOf(x!.shape), weight!.shape[0]];
  const size = rows * columns;
  return ([a, w, bias], [y, slope]) => {
    const ones = module.scratch("ones", 4 * size + 64);
    module.heap().fill(1, ones / 4, ones / 4 + size);
    module.multiply(matrix(address(a!), depth, false), matrix(address(w!), depth, true), address(y), 4 * columns, rows, columns, depth, false, bias ? address(bias) : 0);
    module.functions[`slope_${activation}`](address(y), ones, address(slope), size);
    module.functions[`activate_${activation}`](address(y), address(y), size);
  };
};

const matmul_multiply: MakeKernel = (context) => (node, inputs, outputs) => {
  const product = matmul(context)(node, inputs, outputs);
  const size = sizeOf(outputs[0].shape);
  return product && (([x, y, factor], [z]) => {
    product([x, y], [z]);
    context.module.functions.multiply_by(context.address(z), context.address(factor!), context.address(z), 1, size);
  });
};

const linear_gradient: MakeKernel = (context) => (_, [x, dy], [dweight, dbias]) => {
  const product = matmul(context)({ attributes: { transpose_x: true, transpose_y: false } }, [dy, x], [dweight]);
  const sums = sum_to(context)({ attributes: {} }, [dy], [dbias]);
  return product && sums && (([input, slope], [matrix, rows]) => {
    product([slope, input], [matrix]);
    sums([slope], [rows]);
  });
};

const activate: MakeKernel = ({ module, address }) => ({ attributes }, [x]) => {
  const { activation } = attributes as { activation: string };
  if (!Object.hasOwn(activationCodes, activation)) return null;
  const run = module.functions[`activate_${activation}`];
  return ([input], [y]) => run(address(input!), address(y), sizeOf(x!.shape));
};

const activate_gradient: MakeKernel = ({ module, address }) => ({ attributes }, [x]) => {
  const { activation } = attributes as { activation: string };
  if (!Object.hasOwn(activationCodes, activation)) return null;
  const run = module.functions[`slope_${activation}`];
  return ([input, dy], [dx]) => run(address(input!), address(dy!), address(dx), sizeOf(x!.shape));
};

/** y has x's shape or an ending of it, which is repeated; repeated widths that are no multiple of four are left to `evaluate`. */
const binary = (name: "add" | "subtract" | "multiply_by" | "divide"): MakeKernel => ({ module, address }) => (_, [x, y]) => {
  const [all, part] = [sizeOf(x!.shape), sizeOf(y!.shape)];
  if (part === 1 && all > 1) {
    const scalar = module.functions[`${name}_scalar`];
    return ([a, b], [out]) => scalar(address(a!), address(b!), address(out), all);
  }
  if (all !== part && part % 4 !== 0) return null;
  const rows = part === 0 ? 0 : all / part;
  const run = module.functions[name];
  return ([a, b], [out]) => run(address(a!), address(b!), address(out), rows, part);
};

const scale: MakeKernel = ({ module, address }) => ({ attributes }, [x]) => {
  const { factor } = attributes as { factor: number };
  return ([input], [y]) => module.functions.scale(address(input!), address(y), sizeOf(x!.shape), factor);
};

const shift: MakeKernel = ({ module, address }) => ({ attributes }, [x]) => {
  const { by } = attributes as { by: number };
  return ([input], [y]) => module.functions.shift(address(input!), address(y), sizeOf(x!.shape), by);
};

const unary = (name: "square" | "square_root"): MakeKernel => ({ module, address }) => (_, [x]) => {
  const run = module.functions[name];
  return ([input], [y]) => run(address(input!), address(y), sizeOf(x!.shape));
};

/** Rows are summed in blocks, whose sums are added: the rounding error stays small for long columns. */
const rowsOfBlock = 64;

const sum_to: MakeKernel = ({ module, address, memory }) => (_, [x], [y]) => {
  const leading = x!.shape.length - y.shape.length;
  if (y.shape.length === 0 || leading < 1 || !y.shape.every((n, axis) => n === x!.shape[leading + axis])) return null;
  const width = sizeOf(y.shape);
  const rows = width === 0 ? 0 : sizeOf(x!.shape) / width;
  return ([input], [out]) => {
    memory.view(out).fill(0);
    const [from, to] = [address(input!), address(out)];
    for (let row = 0; row < rows; row += rowsOfBlock) module.functions.column_sums(from + 4 * row * width, to, Math.min(rowsOfBlock, rows - row), width);
  };
};

const cross_entropy: MakeKernel = ({ module, address, memory }) => (_, [logits, targets]) => {
  const [rows, width] = [sizeOf(targets!.shape), widthOf(logits!.shape)];
  return ([x, ids, weights], [loss_sum, log_sum]) => {
    const stats = module.scratch("stats", 64);
    const heap = module.heap();
    const from = address(x!);
    const [target, weight, sums] = [memory.view(ids!), memory.view(weights!), memory.view(log_sum)];
    let total = 0;
    for (let row = 0; row < rows; row++) {
      sums[row] = 0;
      if (weight[row] === 0) continue;
      module.functions.log_sum(from + 4 * row * width, width, stats);
      const value = heap[stats / 4] + Math.log(heap[stats / 4 + 1]);
      sums[row] = value;
      total += weight[row] * (value - heap[from / 4 + row * width + target[row]]);
    }
    memory.view(loss_sum)[0] = total;
  };
};

const cross_entropy_gradient: MakeKernel = ({ module, address, memory }) => (_, [logits, targets]) => {
  const [rows, width] = [sizeOf(targets!.shape), widthOf(logits!.shape)];
  return ([x, ids, weights, log_sum, dloss], [dlogits]) => {
    const heap = module.heap();
    const [from, to] = [address(x!), address(dlogits)];
    const [target, weight, sums, d] = [memory.view(ids!), memory.view(weights!), memory.view(log_sum!), memory.view(dloss!)];
    for (let row = 0; row < rows; row++) {
      const at = 4 * row * width;
      if (weight[row] === 0) {
        heap.fill(0, (to + at) / 4, (to + at) / 4 + width);
        continue;
      }
      const factor = d[0] * weight[row];
      module.functions.exp_row(from + at, to + at, width, sums[row], factor);
      heap[(to + at) / 4 + target[row]] -= factor;
    }
  };
};

const rowsTogether = 64;

/** The loss of a few rows at a time, and where they are wanted dx, dweight and dbias (sums in float64). */
const entropyOfLinear = ({ module, address, memory }: KernelContext, [V, D]: readonly number[], rows: number, given: { readonly x: Tensor; readonly weight: Tensor; readonly targets: Tensor; readonly weights: Tensor; readonly bias: Tensor | null }, dloss: number, loss: Tensor, gradients: { readonly dx: Tensor; readonly dweight: Tensor | null; readonly dbias: Tensor } | null): void => {
  // Rows start at whole vectors: kernels write whole ones.
  const pitch = Math.ceil(V / 4) * 4;
  const logits = module.scratch("logits", 4 * rowsTogether * pitch + 64);
  const stats = module.scratch("stats", 64);
  const [x, weight, targets, weights] = [address(given.x), address(given.weight), memory.view(given.targets), memory.view(given.weights)];
  const sums = new Float64Array(gradients && given.bias ? V : 0);
  if (gradients?.dweight) memory.view(gradients.dweight).fill(0);
  let total = 0;
  for (let row = 0; row < rows; row += rowsTogether) {
    const count = Math.min(rowsTogether, rows - row);
    const part = matrix(x + 4 * row * D, D, false);
    module.multiply(part, matrix(weight, D, true), logits, 4 * pitch, count, V, D, false, given.bias ? address(given.bias) : 0);
    const heap = module.heap(); // after the product, whose scratch may have moved it
    for (let i = 0; i < count; i++) {
      const at = logits + 4 * i * pitch;
      const factor = weights[row + i];
      if (factor === 0) {
        heap.fill(0, at / 4, at / 4 + V);
        continue;
      }
      module.functions.log_sum(at, V, stats);
      const log_sum = heap[stats / 4] + Math.log(heap[stats / 4 + 1]);
      const target = at / 4 + targets[row + i];
      total += factor * (log_sum - heap[target]);
      if (!gradients) continue;
      module.functions.exp_row(at, at, V, log_sum, dloss * factor);
      heap[target] -= dloss * factor;
      for (let j = 0; j < sums.length; j++) sums[j] += heap[at / 4 + j];
    }
    if (!gradients) continue;
    module.multiply(matrix(logits, pitch, false), matrix(weight, D, false), address(gradients.dx) + 4 * row * D, 4 * D, count, D, V);
    if (gradients.dweight) module.multiply(matrix(logits, pitch, true), part, address(gradients.dweight), 4 * D, V, D, count, true);
  }
  memory.view(loss)[0] = total;
  if (sums.length) memory.view(gradients!.dbias).set(sums);
};

const linear_cross_entropy: MakeKernel = (context) => (_, [x, weight]) => {
  const rows = rowsOf(x!.shape);
  return ([input, w, targets, weights, bias], [loss]) => entropyOfLinear(context, weight!.shape, rows, { x: input!, weight: w!, targets: targets!, weights: weights!, bias }, 0, loss, null);
};

const linear_cross_entropy_gradient: MakeKernel = (context) => ({ attributes }, [x, weight]) => {
  const rows = rowsOf(x!.shape);
  return ([input, w, targets, weights, dloss, bias], [loss, dx, dweight, dbias]) =>
    entropyOfLinear(context, weight!.shape, rows, { x: input!, weight: w!, targets: targets!, weights: weights!, bias }, context.memory.view(dloss!)[0], loss, { dx, dweight: attributes.frozen ? null : dweight, dbias });
};

const layernorm: MakeKernel = ({ module, address }) => ({ attributes }, [x]) => {
  const [rows, width] = [rowsOf(x!.shape), widthOf(x!.shape)];
  if (width % 4 !== 0) return null;
  const { eps } = attributes as { eps: number };
  return ([input, weight, bias], [y, mean, deviation]) =>
    module.functions.layernorm(address(input!), address(weight!), bias ? address(bias) : 0, address(y), address(mean), address(deviation), rows, width, eps);
};

const layernorm_gradient: MakeKernel = ({ module, address, memory }) => (_, [x]) => {
  const [rows, width] = [rowsOf(x!.shape), widthOf(x!.shape)];
  if (width % 4 !== 0) return null;
  return ([input, weight, mean, deviation, dy], [dx, dweight, dbias]) => {
    const sums = module.scratch("sums", 8 * width);
    const [from, w, means, deviations, d, to] = [input!, weight!, mean!, deviation!, dy!, dx].map(address);
    const part = module.heap().subarray(sums / 4, sums / 4 + 2 * width);
    const total = new Float64Array(2 * width);
    for (let row = 0; row < rows; row += rowsOfBlock) {
      part.fill(0);
      const at = 4 * row * width;
      module.functions.layernorm_gradient(from + at, w, means + 4 * row, deviations + 4 * row, d + at, to + at, sums, sums + 4 * width, Math.min(rowsOfBlock, rows - row), width);
      for (let j = 0; j < total.length; j++) total[j] += part[j];
    }
    memory.view(dweight).set(total.subarray(0, width));
    memory.view(dbias).set(total.subarray(width));
  };
};

export const wasmKernels: { readonly [op: string]: MakeKernel } = {
  matmul, matmul_add, matmul_multiply, linear, linear_add, linear_gradient, linear_activate, activate, activate_gradient, add: binary("add"), subtract: binary("subtract"), multiply: binary("multiply_by"), divide: binary("divide"),
  scale, shift, square: unary("square"), square_root: unary("square_root"), sum_to,
  cross_entropy, cross_entropy_gradient, linear_cross_entropy, linear_cross_entropy_gradient, layernorm, layernorm_gradient, attention, attention_gradient, dropout,
};

