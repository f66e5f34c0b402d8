// A WebAssembly assembler just large enough for the kernels beside it: no compiler is needed to build or to read them.
// An expression is its own bytes, in the order in which a stack machine runs them; statements go into a function's body.
// Opcodes: WebAssembly core specification 2.0, section 5.4; v128 instructions have the prefix 0xfd.

export type Code = readonly number[];
export type Type = "i32" | "f32" | "v128";
/** A local variable; `at` reads it. */
export interface Local { readonly index: number; readonly type: Type; readonly at: Code }

const typeByte: Record<Type, number> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

const unsigned = (value: number): number[] => {
  const bytes: number[] = [];
  do {
    const more = value > 0x7f;
    bytes.push((value & 0x7f) | (more ? 0x80 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return bytes;
};

const signed = (value: number): number[] => {
  const bytes: number[] = [];
  for (;;) {
    const byte = value & 0x7f;
    value >>= 7;
    if ((value === 0 && !(byte & 0x40)) || (value === -1 && byte & 0x40)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
};

const floatBytes = (value: number): number[] => [...new Uint8Array(new Float32Array([value]).buffer)];
const vector = (opcode: number, ...rest: number[]): number[] => [0xfd, ...unsigned(opcode), ...rest];
const two = (opcode: number) => (a: Code, b: Code): Code => [...a, ...b, opcode];
const twoV = (opcode: number) => (a: Code, b: Code): Code => [...a, ...b, ...vector(opcode)];
const oneV = (opcode: number) => (a: Code): Code => [...a, ...vector(opcode)];

/** 32-bit integers: addresses and counters. */
export const i = {
  of: (value: number): Code => [0x41, ...signed(value)],
  add: two(0x6a), sub: two(0x6b), mul: two(0x6c), shl: two(0x74), and: two(0x71),
  less: two(0x48), greater: two(0x4a), equal: two(0x46),
  isZero: (a: Code): Code => [...a, 0x45],
  xor: two(0x73), shiftRight: (a: Code, bits: number): Code => [...a, ...i.of(bits), 0x76], atLeastUnsigned: two(0x4f),
  /** High 32 bits of the product of two unsigned integers. */
  mulHigh: (a: Code, b: Code): Code => [...a, 0xad, ...b, 0xad, 0x7e, 0x42, 32, 0x88, 0xa7],
  load: (address: Code, offset = 0): Code => [...address, 0x28, 2, ...unsigned(offset)],
  /** `a < b ? a : b` without a branch; both are evaluated twice. */
  min: (a: Code, b: Code): Code => [...a, ...b, ...a, ...b, 0x48, 0x1b],
};

/** Scalars of float32. */
export const f = {
  of: (value: number): Code => [0x43, ...floatBytes(value)],
  add: two(0x92), sub: two(0x93), mul: two(0x94), div: two(0x95), max: two(0x97),
  sqrt: (a: Code): Code => [...a, 0x91],
  load: (address: Code, offset = 0): Code => [...address, 0x2a, 2, ...unsigned(offset)],
  fromInteger: (a: Code): Code => [...a, 0xb2],
  select: (yes: Code, no: Code, condition: Code): Code => [...yes, ...no, ...condition, 0x1b],
};

/** Four float32 lanes. */
export const v = {
  of: (value: number): Code => vector(12, ...[0, 1, 2, 3].flatMap(() => floatBytes(value))),
  ofInteger: (value: number): Code => vector(12, ...[0, 1, 2, 3].flatMap(() => [...new Uint8Array(new Int32Array([value]).buffer)])),
  load: (address: Code, offset = 0): Code => [...address, ...vector(0, 0, ...unsigned(offset))],
  loadSplat: (address: Code, offset = 0): Code => [...address, ...vector(9, 0, ...unsigned(offset))],
  splat: oneV(0x13), lane: (a: Code, lane: number): Code => [...a, ...vector(0x1f, lane)],
  add: twoV(0xe4), sub: twoV(0xe5), mul: twoV(0xe6), div: twoV(0xe7), min: twoV(0xe8), max: twoV(0xe9),
  sqrt: oneV(0xe3), abs: oneV(0xe0), neg: oneV(0xe1), nearest: oneV(0x6a),
  less: twoV(0x43), greater: twoV(0x44), and: twoV(0x4e), andNot: twoV(0x4f), or: twoV(0x50),
  /** c + a · b in one rounding where the machine has such an instruction (relaxed SIMD). */
  fused: (a: Code, b: Code, c: Code): Code => [...a, ...b, ...c, ...vector(0x105)],
  /** Bits of `yes` where the mask's are set, else of `no`. */
  select: (yes: Code, no: Code, mask: Code): Code => [...yes, ...no, ...mask, ...vector(0x52)],
  toInteger: oneV(0xf8), integerAdd: twoV(0xae), shiftLeft: (a: Code, bits: number): Code => [...a, ...i.of(bits), ...vector(0xab)],
  splatInteger: oneV(0x11), integerLess: twoV(0x39), integerGreater: twoV(0x3b), firstIntegers: vector(12, ...[0, 1, 2, 3].flatMap((n) => [n, 0, 0, 0])) as Code,
  /** Lanes by number: 0–3 of `a`, 4–7 of `b`. */
  shuffle: (a: Code, b: Code, lanes: readonly number[]): Code => [...a, ...b, ...vector(13, ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)))],
};

/** Collects the statements of one function. */
export interface Body {
  local(type: Type): Local;
  /** A new local that holds the expression. */
  let(type: Type, value: Code): Local;
  set(local: Local, value: Code): void;
  storeFloat(address: Code, value: Code, offset?: number): void;
  storeVector(address: Code, value: Code, offset?: number): void;
  when(condition: Code, body: () => void, otherwise?: () => void): void;
  /** Runs `body` while the condition, tested first, holds. */
  loop(condition: Code, body: () => void): void;
  call(index: number, args: readonly Code[]): void;
}

export interface Assembler {
  /** Adds an exported function of i32 and f32 parameters and no result; gives its index for `call`. */
  define(name: string, parameters: readonly Type[], build: (body: Body, parameters: Local[]) => void): number;
  bytes(): Uint8Array<ArrayBuffer>;
}

/** A module whose memory is imported as `env.memory`. */
export function createAssembler(): Assembler {
  const functions: { name: string; parameters: readonly Type[]; code: number[] }[] = [];
  return {
    define(name, parameters, build) {
      const locals: Type[] = [];
      const code: number[] = [];
      const push = (part: Code): void => {
        for (const byte of part) code.push(byte);
      };
      const localOf = (index: number, type: Type): Local => ({ index, type, at: [0x20, ...unsigned(index)] });
      const body: Body = {
        local(type) {
          locals.push(type);
          return localOf(parameters.length + locals.length - 1, type);
        },
        let(type, value) {
          const local = body.local(type);
          body.set(local, value);
          return local;
        },
        set: (local, value) => push([...value, 0x21, ...unsigned(local.index)]),
        storeFloat: (address, value, offset = 0) => push([...address, ...value, 0x38, 2, ...unsigned(offset)]),
        storeVector: (address, value, offset = 0) => push([...address, ...value, ...vector(11, 0, ...unsigned(offset))]),
        when(condition, yes, no) {
          push([...condition, 0x04, 0x40]);
          yes();
          if (no) {
            push([0x05]);
            no();
          }
          push([0x0b]);
        },
        loop(condition, inner) {
          push([0x02, 0x40, 0x03, 0x40, ...condition, 0x45, 0x0d, 1]);
          inner();
          push([0x0c, 0, 0x0b, 0x0b]);
        },
        call: (index, args) => push([...args.flat(), 0x10, ...unsigned(index)]),
      };
      build(body, parameters.map((type, index) => localOf(index, type)));
      const declared = locals.flatMap((type) => [1, typeByte[type]]);
      functions.push({ name, parameters, code: [...unsigned(locals.length), ...declared, ...code, 0x0b] });
      return functions.length - 1;
    },
    bytes() {
      const section = (id: number, items: readonly Code[]): number[] => {
        const content = [...unsigned(items.length), ...items.flat()];
        return [id, ...unsigned(content.length), ...content];
      };
      const text = (value: string): number[] => [...unsigned(value.length), ...Buffer.from(value)];
      return new Uint8Array([
        0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
        ...section(1, functions.map(({ parameters }) => [0x60, ...unsigned(parameters.length), ...parameters.map((type) => typeByte[type]), 0])),
        ...section(2, [[...text("env"), ...text("memory"), 2, 0, 1]]),
        ...section(3, functions.map((_, index) => unsigned(index))),
        ...section(7, functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)])),
        ...section(10, functions.map(({ code }) => [...unsigned(code.length), ...code])),
      ]);
    },
  };
}
