// Ops that run in C++: from shapes and attributes to the arguments of a kernel, in the order in which source/kernels.cc reads them.

import type { Attributes, ValueInfo } from "../../../compiler/graph/node.ts";
import { sizeOf } from "../../../compiler/graph/node.ts";
import { isBfloat16 } from "../../../compiler/ops/_precision.ts";
import { rowsOf, sameShape, widthOf } from "../../../compiler/ops/_shapes.ts";
import { frequenciesOf } from "../../../compiler/ops/rope.ts";
import type { Tensor } from "../../../compiler/ops/define.ts";
import type { Kernel } from "../define.ts";
import { OutOfMemory } from "../define.ts";
import type { Binding } from "./_binding.ts";
import { attention, attention_gradient, dropout } from "./attention.ts";
import { copyKernels } from "./copies.ts";
import type { NativeMemory } from "./memory.ts";
import { optimizerKernels } from "./optimizer.ts";
import { relativeKernels } from "./relative.ts";

export interface KernelContext {
  readonly binding: Binding;
  readonly memory: NativeMemory;
  /** Number of a kernel by its name in C++. */
  number(name: string): number;
}

export type MakeKernel = (context: KernelContext) => Kernel;

/** A call with numbers and tensors; an absent tensor is address 0. */
export type Value = number | boolean | Tensor | null | undefined;
export type Call = (...values: readonly Value[]) => void;

export function caller({ binding, memory, number }: KernelContext, name: string): Call {
  const kernel = number(name);
  const to = binding.arguments;
  return (...values) => {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      to[i] = typeof value === "number" ? value : typeof value === "boolean" ? Number(value) : value ? memory.address(value) : 0;
    }
    const outcome = binding.run(kernel);
    if (outcome === 1) throw new OutOfMemory(0);
    if (outcome === 2) throw new Error(`${name}: an index is out of range`);
  };
}

/** As `Activation` in elementwise.h. */
export const activationCodes: { readonly [activation: string]: number } = { relu: 1, gelu: 2, gelu_tanh: 3, silu: 4, quick_gelu: 5, tanh: 6, squared_relu: 7 };

/** A row-major matrix or its transpose: address, and steps along rows and columns. */
function matrix(at: Tensor, width: number, transposed: boolean): readonly [Tensor, number, number] {
  return transposed ? [at, 1, width] : [at, width, 1];
}

interface Sizes { readonly M: number; readonly N: number; readonly K: number }

/** What a product's kernel does besides: in the order of `Finish` in product.h. */
interface Finish { readonly bias?: Tensor | null; readonly addend?: Tensor | null; readonly factor?: Tensor | null; readonly other?: Tensor | null; readonly second?: Tensor; readonly activation?: number; readonly slope?: Tensor; readonly sums?: Tensor }

const finishValues = ({ bias, addend, factor, other, second, activation = 0, slope, sums }: Finish): readonly Value[] => [bias, addend, factor, other, second, activation, slope, sums];

/** What follows M, N and K where a product does nothing besides: no addition to what is there, and none of `Finish`. */
export const plainly: readonly Value[] = [false, ...finishValues({})];

type Multiply = (x: Tensor, y: Tensor, z: Tensor, finish: Finish) => void;

type Product = (attributes: Attributes, sizes: Sizes, x: { readonly width: number; readonly transposed: boolean }, y: { readonly width: number; readonly transposed: boolean }) => Multiply;

/** z [M, N] = op(x) op(y) with these operands' widths in memory. */
const product = (call: Call): Product => (attributes, { M, N, K }, x, y) => {
  const half = isBfloat16(attributes);
  return (a, b, z, finish) => call(...matrix(a, x.width, x.transposed), ...matrix(b, y.width, y.transposed), z, M, N, K, false, ...finishValues(finish), half);
};

function matmulOf(call: Call, attributes: Attributes, x: ValueInfo, y: ValueInfo): Multiply {
  const { transpose_x, transpose_y } = attributes as { transpose_x: boolean; transpose_y: boolean };
  const [xRows, xWidth, yRows, yWidth] = [rowsOf(x.shape), widthOf(x.shape), rowsOf(y.shape), widthOf(y.shape)];
  const [M, K] = transpose_x ? [xWidth, xRows] : [xRows, xWidth];
  return product(call)(attributes, { M, N: transpose_y ? yRows : yWidth, K }, { width: xWidth, transposed: transpose_x }, { width: yWidth, transposed: transpose_y });
}

function linearOf(call: Call, attributes: Attributes, x: ValueInfo, weight: ValueInfo): Multiply {
  const [M, K, N] = [rowsOf(x.shape), widthOf(x.shape), weight.shape[0]];
  return product(call)(attributes, { M, N, K }, { width: K, transposed: false }, { width: K, transposed: true });
}

/** The kernel's number is looked up when kernels are made: a file without it is found out then. */
const withProduct = (make: (call: Call) => Kernel): MakeKernel => (context) => make(caller(context, "product"));

const matmul: MakeKernel = withProduct((call) => ({ attributes }, [x, y]) => {
  const multiply = matmulOf(call, attributes, x!, y!);
  return ([a, b], [z]) => multiply(a!, b!, z, {});
});

const matmul_add: MakeKernel = withProduct((call) => ({ attributes }, [x, y]) => {
  const multiply = matmulOf(call, attributes, x!, y!);
  return ([a, b, addend], [z]) => multiply(a!, b!, z, { addend });
});

const matmul_multiply: MakeKernel = withProduct((call) => ({ attributes }, [x, y]) => {
  const multiply = matmulOf(call, attributes, x!, y!);
  return ([a, b, factor], [z]) => multiply(a!, b!, z, { factor });
});

const matmul_multiply_twice: MakeKernel = withProduct((call) => ({ attributes }, [x, y]) => {
  const multiply = matmulOf(call, attributes, x!, y!);
  return ([a, b, factor, other], [z, second]) => multiply(a!, b!, z, { factor, other, second });
});

const linear_gradient: MakeKernel = withProduct((call) => ({ attributes }, [x, dy]) => {
  const multiply = matmulOf(call, { ...attributes, transpose_x: true, transpose_y: false }, dy!, x!);
  return ([input, slope], [dweight, dbias]) => multiply(slope!, input!, dweight, { sums: dbias });
});

const linear: MakeKernel = withProduct((call) => ({ attributes }, [x, weight]) => {
  const multiply = linearOf(call, attributes, x!, weight!);
  return ([a, w, bias], [y]) => multiply(a!, w!, y, { bias });
});

const linear_add: MakeKernel = withProduct((call) => ({ attributes }, [x, weight]) => {
  const multiply = linearOf(call, attributes, x!, weight!);
  return ([a, w, addend, bias], [y]) => multiply(a!, w!, y, { bias, addend });
});

const linear_activate: MakeKernel = withProduct((call) => ({ attributes }, [x, weight]) => {
  const { activation } = attributes as { activation: string };
  if (!Object.hasOwn(activationCodes, activation)) return null;
  const multiply = linearOf(call, attributes, x!, weight!);
  return ([a, w, bias], [y, slope]) => multiply(a!, w!, y, { bias, activation: activationCodes[activation], slope });
});

const linear_gated: MakeKernel = (context) => {
  const call = caller(context, "linear_gated");
  return ({ attributes }, [x, gate]) => {
    const { activation } = attributes as { activation: string };
    if (!Object.hasOwn(activationCodes, activation)) return null;
    const [M, K, N] = [rowsOf(x!.shape), widthOf(x!.shape), gate!.shape[0]];
    return (inputs, outputs) => call(...inputs, ...outputs, M, N, K, activationCodes[activation], isBfloat16(attributes));
  };
};

const activate: MakeKernel = (context) => {
  const call = caller(context, "activate");
  return ({ attributes }, [x]) => {
    const { activation } = attributes as { activation: string };
    if (!Object.hasOwn(activationCodes, activation)) return null;
    return ([input], [y]) => call(input, y, sizeOf(x!.shape), activationCodes[activation]);
  };
};

const activate_gradient: MakeKernel = (context) => {
  const call = caller(context, "activate_gradient");
  return ({ attributes }, [x]) => {
    const { activation } = attributes as { activation: string };
    if (!Object.hasOwn(activationCodes, activation)) return null;
    return ([input, dy], [dx]) => call(input, dy, dx, sizeOf(x!.shape), activationCodes[activation]);
  };
};

/** y has x's shape or an ending of it, which is repeated. */
const binary = (name: string): MakeKernel => (context) => {
  const call = caller(context, name);
  return (_, [x, y]) => {
    const [all, part] = [sizeOf(x!.shape), sizeOf(y!.shape)];
    const rows = part === 0 ? 0 : all / part;
    return ([a, b], [z]) => call(a, b, z, rows, part);
  };
};

const unary = (name: string, numberOf: (attributes: { readonly [key: string]: unknown }) => number = () => 0): MakeKernel => (context) => {
  const call = caller(context, name);
  return ({ attributes }, [x]) => {
    const number = numberOf(attributes);
    return ([input], [y]) => call(input, y, sizeOf(x!.shape), number);
  };
};

const sum_to: MakeKernel = (context) => {
  const call = caller(context, "sum_rows");
  return (_, [x], [y]) => {
    const leading = x!.shape.length - y.shape.length;
    if (y.shape.length === 0 || leading < 1 || !sameShape(y.shape, x!.shape.slice(leading))) return null;
    const width = sizeOf(y.shape);
    return ([input], [out]) => call(input, out, width === 0 ? 0 : sizeOf(x!.shape) / width, width);
  };
};

const cross_entropy: MakeKernel = (context) => {
  const call = caller(context, "cross_entropy");
  return (_, [logits, targets]) => ([x, ids, weights], [loss, log_sum]) => call(x, ids, weights, loss, log_sum, sizeOf(targets!.shape), widthOf(logits!.shape));
};

const cross_entropy_gradient: MakeKernel = (context) => {
  const call = caller(context, "cross_entropy_gradient");
  return (_, [logits, targets]) => ([x, ids, weights, log_sum, dloss], [dlogits]) => call(x, ids, weights, log_sum, dloss, dlogits, sizeOf(targets!.shape), widthOf(logits!.shape));
};

/** The gradients' addresses are 0 where only the loss is wanted. */
const linear_cross_entropy: MakeKernel = (context) => {
  const call = caller(context, "linear_cross_entropy");
  return ({ attributes }, [x, weight]) => {
    const [rows, D, V] = [rowsOf(x!.shape), weight!.shape[1], weight!.shape[0]];
    return ([input, w, targets, weights, bias], [loss]) => call(input, w, targets, weights, bias, null, loss, null, null, null, rows, D, V, isBfloat16(attributes));
  };
};

const linear_cross_entropy_gradient: MakeKernel = (context) => {
  const call = caller(context, "linear_cross_entropy");
  return ({ attributes }, [x, weight]) => {
    const [rows, D, V] = [rowsOf(x!.shape), weight!.shape[1], weight!.shape[0]];
    return ([input, w, targets, weights, dloss, bias], [loss, dx, dweight, dbias]) => call(input, w, targets, weights, bias, dloss, loss, dx, attributes.frozen ? null : dweight, bias && dbias, rows, D, V, isBfloat16(attributes));
  };
};

const layernorm: MakeKernel = (context) => {
  const call = caller(context, "layernorm");
  return ({ attributes }, [x]) => {
    const { eps } = attributes as { eps: number };
    return ([input, weight, bias], [y, mean, deviation]) => call(input, weight, bias, y, mean, deviation, rowsOf(x!.shape), widthOf(x!.shape), eps);
  };
};

const layernorm_gradient: MakeKernel = (context) => {
  const call = caller(context, "layernorm_gradient");
  return (_, [x]) => (inputs, outputs) => call(...inputs, ...outputs, rowsOf(x!.shape), widthOf(x!.shape));
};

const rmsnorm: MakeKernel = (context) => {
  const call = caller(context, "rmsnorm");
  return ({ attributes }, [x]) => {
    const { eps, offset } = attributes as { eps: number; offset: number };
    return ([input, weight], [y, deviation]) => call(input, weight, y, deviation, rowsOf(x!.shape), widthOf(x!.shape), eps, offset);
  };
};

const rmsnorm_gradient: MakeKernel = (context) => {
  const call = caller(context, "rmsnorm_gradient");
  return ({ attributes }, [x]) => (inputs, outputs) => call(...inputs, ...outputs, rowsOf(x!.shape), widthOf(x!.shape), (attributes as { offset: number }).offset);
};

const embedding: MakeKernel = (context) => {
  const call = caller(context, "embedding");
  return (_, [table, ids]) => ([from, index], [y]) => call(from, index, y, sizeOf(ids!.shape), table!.shape[0], table!.shape[1]);
};

const embedding_gradient: MakeKernel = (context) => {
  const call = caller(context, "embedding_gradient");
  return ({ attributes }, [ids], [dtable]) => {
    const { padding } = attributes as { padding: number | null };
    return ([index, dy], [out]) => call(index, dy, out, sizeOf(ids!.shape), dtable.shape[0], dtable.shape[1], padding ?? -1);
  };
};

/** Cosines and sines of the positions that occur, computed in float64 when they first do. */
const rope: MakeKernel = (context) => {
  const call = caller(context, "rope");
  return ({ attributes }, [x]) => {
    const { heads, theta, inverse } = attributes as { heads: number; theta: number; inverse: boolean };
    const half = x!.shape[2] / heads / 2;
    const rows = rowsOf(x!.shape);
    const frequencies = frequenciesOf(theta, 2 * half);
    const slots = new Map<number, number>();
    const slot = new Int32Array(rows);
    let [cos, sin] = [new Float32Array(0), new Float32Array(0)];
    return ([input, positions], [y]) => {
      const at = context.memory.view(positions!);
      if (slots.size > 65536) slots.clear();
      for (let row = 0; row < rows; row++) {
        let found = slots.get(at[row]);
        if (found === undefined) {
          found = slots.size;
          slots.set(at[row], found);
          if ((found + 1) * half > cos.length) [cos, sin] = [cos, sin].map((old) => grown(old, 2 * (found! + 1) * half));
          for (let i = 0; i < half; i++) {
            cos[found * half + i] = Math.cos(at[row] * frequencies[i]);
            sin[found * half + i] = inverse ? -Math.sin(at[row] * frequencies[i]) : Math.sin(at[row] * frequencies[i]);
          }
        }
        slot[row] = found;
      }
      const { binding } = context;
      call(input, binding.address(slot), binding.address(cos), binding.address(sin), y, rows, heads, half);
    };
  };
};

function grown(old: Float32Array<ArrayBuffer>, size: number): Float32Array<ArrayBuffer> {
  const made = new Float32Array(size);
  made.set(old);
  return made;
}

export const nativeKernels: { readonly [op: string]: MakeKernel } = {
  matmul, matmul_add, matmul_multiply, matmul_multiply_twice, linear, linear_add, linear_activate, linear_gated, linear_gradient, activate, activate_gradient, add: binary("add"), subtract: binary("subtract"), multiply: binary("multiply"), divide: binary("divide"),
  scale: unary("scale", ({ factor }) => factor as number), shift: unary("shift", ({ by }) => by as number), square: unary("square"), square_root: unary("square_root"),
  sum_to, cross_entropy, cross_entropy_gradient, linear_cross_entropy, linear_cross_entropy_gradient, layernorm, layernorm_gradient, rmsnorm, rmsnorm_gradient,
  embedding, embedding_gradient, rope, dropout, attention, attention_gradient, ...copyKernels, ...optimizerKernels, ...relativeKernels,
};
