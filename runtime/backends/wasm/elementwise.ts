// Elementwise kernels: activations with their derivatives, sums and products, column sums. Every array has some bytes to spare
// at its end (wasm.ts), so flat loops take four elements at a time and need no tail.

import type { Assembler, Body, Code, Local } from "./assembler.ts";
import { f, i, v } from "./assembler.ts";

/** Statements that set `out` to e^x by lanes: 2^n · e^r with a polynomial for e^r (Cephes `expf`, relative error 1e-7). Zero below −87.3, where float32 has no normal numbers left. */
export function setExp(b: Body, out: Local, x: Local): void {
  const [n, r] = [b.local("v128"), b.local("v128")];
  const clamped = v.max(v.min(x.at, v.of(88.3)), v.of(-87.3));
  b.set(r, clamped);
  b.set(n, v.nearest(v.mul(r.at, v.of(1.44269504088896341))));
  b.set(r, v.sub(v.sub(r.at, v.mul(n.at, v.of(0.693359375))), v.mul(n.at, v.of(-2.12194440e-4))));
  const polynomial = horner(r.at, [1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1]);
  const mantissa = v.add(v.add(v.mul(polynomial, v.mul(r.at, r.at)), r.at), v.of(1));
  const power = v.shiftLeft(v.integerAdd(v.toInteger(n.at), v.ofInteger(127)), 23);
  b.set(out, v.andNot(v.mul(mantissa, power), v.less(x.at, v.of(-87.3))));
}

function horner(x: Code, coefficients: readonly number[]): Code {
  return coefficients.slice(1).reduce<Code>((sum, c) => v.add(v.mul(sum, x), v.of(c)), v.of(coefficients[0]));
}

/** Sets `value` to f(x) and, where given, `slope` to f'(x). */
type ActivationCode = (b: Body, x: Local, value: Local | null, slope: Local | null) => void;

/** x σ(g(x)) with derivative σ + x σ (1 − σ) g'(x). */
const sigmoidGated = (g: (x: Code) => Code, dg: (x: Code) => Code): ActivationCode => (b, x, value, slope) => {
  const s = b.local("v128");
  b.set(s, v.neg(g(x.at)));
  setExp(b, s, s);
  b.set(s, v.div(v.of(1), v.add(v.of(1), s.at)));
  if (value) b.set(value, v.mul(x.at, s.at));
  if (slope) b.set(slope, v.add(s.at, v.mul(v.mul(v.mul(x.at, s.at), v.sub(v.of(1), s.at)), dg(x.at))));
};

const twoC = 2 * 0.7978845608028654;

/** By the words of compiler/activations; the others run their `evaluate`. */
export const activationCodes: { readonly [word: string]: ActivationCode } = {
  gelu_tanh: sigmoidGated(
    (x) => v.mul(v.mul(x, v.of(twoC)), v.add(v.of(1), v.mul(v.mul(x, x), v.of(0.044715)))),
    (x) => v.mul(v.of(twoC), v.add(v.of(1), v.mul(v.mul(x, x), v.of(0.134145)))),
  ),
  silu: sigmoidGated((x) => x, () => v.of(1)),
  quick_gelu: sigmoidGated((x) => v.mul(x, v.of(1.702)), () => v.of(1.702)),
  relu: (b, x, value, slope) => {
    const positive = v.greater(x.at, v.of(0));
    if (value) b.set(value, v.max(x.at, v.of(0)));
    if (slope) b.set(slope, v.and(v.of(1), positive));
  },
  // x Φ(x); erfc by Abramowitz & Stegun 7.1.26 on |x| / √2, absolute error 1.5e-7.
  gelu: (b, x, value, slope) => {
    const [z, t, e, phi] = [b.local("v128"), b.local("v128"), b.local("v128"), b.local("v128")];
    b.set(z, v.mul(v.abs(x.at), v.of(Math.SQRT1_2)));
    b.set(t, v.div(v.of(1), v.add(v.of(1), v.mul(z.at, v.of(0.3275911)))));
    b.set(e, v.neg(v.mul(z.at, z.at)));
    setExp(b, e, e);
    const tail = v.mul(v.mul(v.mul(horner(t.at, [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592]), t.at), e.at), v.of(0.5));
    b.set(phi, tail);
    b.set(phi, v.select(phi.at, v.sub(v.of(1), phi.at), v.less(x.at, v.of(0))));
    if (value) b.set(value, v.mul(x.at, phi.at));
    if (slope) b.set(slope, v.add(phi.at, v.mul(v.mul(x.at, e.at), v.of(0.3989422804014327))));
  },
};

type ScalarFunctions = { readonly [name in `${"add" | "subtract" | "multiply_by" | "divide"}_scalar`]: (x: number, y: number, out: number, count: number) => void };

/** `…_scalar`: the same with one number y for all `count` elements. */
export interface ElementwiseFunctions extends ScalarFunctions {
  add(x: number, y: number, out: number, rows: number, width: number): void;
  subtract(x: number, y: number, out: number, rows: number, width: number): void;
  multiply_by(x: number, y: number, out: number, rows: number, width: number): void;
  divide(x: number, y: number, out: number, rows: number, width: number): void;
  scale(x: number, out: number, count: number, factor: number): void;
  shift(x: number, out: number, count: number, by: number): void;
  square(x: number, out: number, count: number): void;
  square_root(x: number, out: number, count: number): void;
  /** out [width] += the sum of `rows` rows of x; the caller zeroes `out` and gives blocks of rows. */
  column_sums(x: number, out: number, rows: number, width: number): void;
  readonly [activation: `activate_${string}`]: (x: number, y: number, count: number) => void;
  readonly [activation: `slope_${string}`]: (x: number, dy: number, dx: number, count: number) => void;
}

export function defineElementwise(assembler: Assembler): void {
  for (const [word, code] of Object.entries(activationCodes)) {
    assembler.define(`activate_${word}`, ["i32", "i32", "i32"], (b, [x, y, count]) => {
      const [input, value] = [b.local("v128"), b.local("v128")];
      flat(b, count, [x, y], () => {
        b.set(input, v.load(x.at));
        code(b, input, value, null);
        b.storeVector(y.at, value.at);
      });
    });
    assembler.define(`slope_${word}`, ["i32", "i32", "i32", "i32"], (b, [x, dy, dx, count]) => {
      const [input, slope] = [b.local("v128"), b.local("v128")];
      flat(b, count, [x, dy, dx], () => {
        b.set(input, v.load(x.at));
        code(b, input, null, slope);
        b.storeVector(dx.at, v.mul(slope.at, v.load(dy.at)));
      });
    });
  }
  for (const [name, combine] of [["add", v.add], ["subtract", v.sub], ["multiply_by", v.mul], ["divide", v.div]] as const) {
    assembler.define(`${name}_scalar`, ["i32", "i32", "i32", "i32"], (b, [x, y, out, count]) => {
      const value = b.let("v128", v.loadSplat(y.at));
      flat(b, count, [x, out], () => b.storeVector(out.at, combine(v.load(x.at), value.at)));
    });
    assembler.define(name, ["i32", "i32", "i32", "i32", "i32"], (b, [x, y, out, rows, width]) => {
      const [from, count] = [b.local("i32"), b.local("i32")];
      b.loop(i.greater(rows.at, i.of(0)), () => {
        b.set(from, y.at);
        b.set(count, width.at);
        flat(b, count, [x, from, out], () => b.storeVector(out.at, combine(v.load(x.at), v.load(from.at))));
        b.set(rows, i.sub(rows.at, i.of(1)));
      });
    });
  }
  for (const [name, combine] of [["scale", v.mul], ["shift", v.add]] as const) {
    assembler.define(name, ["i32", "i32", "i32", "f32"], (b, [x, out, count, y]) => {
      flat(b, count, [x, out], () => b.storeVector(out.at, combine(v.load(x.at), v.splat(y.at))));
    });
  }
  for (const [name, apply] of [["square", (x: Code) => v.mul(x, x)], ["square_root", v.sqrt]] as const) {
    assembler.define(name, ["i32", "i32", "i32"], (b, [x, out, count]) => flat(b, count, [x, out], () => b.storeVector(out.at, apply(v.load(x.at)))));
  }
  assembler.define("column_sums", ["i32", "i32", "i32", "i32"], (b, [x, out, rows, width]) => {
    const [from, row, stride] = [b.local("i32"), b.local("i32"), b.let("i32", i.shl(width.at, i.of(2)))];
    const sums = [b.local("v128"), b.local("v128"), b.local("v128"), b.local("v128")];
    const pass = (used: readonly Local[]): void => {
      for (const sum of used) b.set(sum, v.of(0));
      b.set(from, x.at);
      b.set(row, rows.at);
      b.loop(i.greater(row.at, i.of(0)), () => {
        used.forEach((sum, k) => b.set(sum, v.add(sum.at, v.load(from.at, 16 * k))));
        b.set(from, i.add(from.at, stride.at));
        b.set(row, i.sub(row.at, i.of(1)));
      });
      used.forEach((sum, k) => b.storeVector(out.at, v.add(v.load(out.at, 16 * k), sum.at), 16 * k));
      b.set(x, i.add(x.at, i.of(16 * used.length)));
      b.set(out, i.add(out.at, i.of(16 * used.length)));
      b.set(width, i.sub(width.at, i.of(4 * used.length)));
    };
    b.loop(i.greater(width.at, i.of(15)), () => pass(sums));
    b.loop(i.greater(width.at, i.of(3)), () => pass(sums.slice(0, 1)));
    // Columns beyond a multiple of four, one at a time.
    const sum = b.local("f32");
    b.loop(i.greater(width.at, i.of(0)), () => {
      b.set(sum, f.load(out.at));
      b.set(from, x.at);
      b.set(row, rows.at);
      b.loop(i.greater(row.at, i.of(0)), () => {
        b.set(sum, f.add(sum.at, f.load(from.at)));
        b.set(from, i.add(from.at, stride.at));
        b.set(row, i.sub(row.at, i.of(1)));
      });
      b.storeFloat(out.at, sum.at);
      b.set(x, i.add(x.at, i.of(4)));
      b.set(out, i.add(out.at, i.of(4)));
      b.set(width, i.sub(width.at, i.of(1)));
    });
  });
}

/** Runs `body` for each four of `count` elements (rounded up), moving the pointers on. */
export function flat(b: Body, count: Local, pointers: readonly Local[], body: () => void): void {
  b.loop(i.greater(count.at, i.of(0)), () => {
    body();
    for (const pointer of pointers) b.set(pointer, i.add(pointer.at, i.of(16)));
    b.set(count, i.sub(count.at, i.of(4)));
  });
}
