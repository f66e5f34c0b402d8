// The safetensors format: 8 bytes of header length (little-endian), a JSON header, the tensors one after another.
// Written as the library writes it, so equal tensors give equal bytes: larger types first, then names in code unit order.
// Numbers are little-endian, as on every machine that Node runs on here.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { damagedSafetensors } from "../../grammar/diagnostics/PT8102-damaged-safetensors.ts";
import { unreadableFile } from "../../grammar/diagnostics/PT7004-unreadable-file.ts";
import { reasonOf } from "../files/text.ts";
import { fileError, systemCode } from "../files/user-error.ts";
import { writeAtomically } from "../files/write.ts";
import type { Written } from "../files/write.ts";

/** How each type is held: halves as their raw bits (see `toFloat32`), truth values and 8-bit floats as bytes. */
const arrays = {
  F64: Float64Array, I64: BigInt64Array, U64: BigUint64Array,
  F32: Float32Array, I32: Int32Array, U32: Uint32Array,
  F16: Uint16Array, BF16: Uint16Array, I16: Int16Array, U16: Uint16Array,
  I8: Int8Array, U8: Uint8Array, BOOL: Uint8Array, F8_E4M3: Uint8Array, F8_E5M2: Uint8Array,
} as const;

export type DType = keyof typeof arrays;
export type TensorData = Float64Array | Float32Array | BigInt64Array | BigUint64Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;
export interface SavedTensor { readonly dtype: DType; readonly shape: readonly number[]; readonly data: TensorData }

export interface TensorPlace { readonly dtype: DType; readonly shape: readonly number[]; /** From the start of the file. */ readonly start: number; readonly bytes: number }
/** An open file: its header is checked, its tensors are read one at a time. */
export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, TensorPlace>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly read: (name: string) => SavedTensor;
  readonly close: () => void;
}

const longestHeader = 100_000_000;
const largestRead = 1 << 30;

/** All tensors of a file, in the order of its header. Throws UserError (PT8102 damaged, PT7004 unreadable). */
export async function readSafetensors(path: string): Promise<Map<string, SavedTensor>> {
  const file = openSafetensors(path);
  try {
    return new Map([...file.tensors.keys()].map((name) => [name, file.read(name)]));
  } finally {
    file.close();
  }
}

/** Opens a file and checks its header against its size. Throws UserError; the caller closes it. */
export function openSafetensors(path: string): SafetensorsFile {
  const damaged = (reason: string): never => {
    throw fileError(damagedSafetensors, path, { file: path, reason });
  };
  const handle = reporting(path, () => openSync(path, "r"));
  try {
    const size = reporting(path, () => fstatSync(handle).size);
    if (size < 8) return damaged(`it has ${size} bytes, fewer than a header length`);
    const length = readAt(path, handle, 0, 8).readBigUInt64LE(0);
    if (length > BigInt(Math.min(longestHeader, size - 8))) return damaged(`the header should have ${length} bytes, the file has ${size}`);
    const dataStart = 8 + Number(length);
    const header = parseHeader(readAt(path, handle, 8, Number(length)), damaged);
    const { tensors, end } = placeTensors(header, dataStart, damaged);
    if (end !== size) return damaged(end > size ? `the tensors end at byte ${end}, the file at ${size}` : `${size - end} bytes follow the last tensor`);
    return {
      tensors,
      metadata: (header.__metadata__ ?? {}) as Record<string, string>,
      close: () => closeSync(handle),
      read(name) {
        const place = tensors.get(name);
        if (place === undefined) throw new Error(`no tensor ${name}`);
        const buffer = readAt(path, handle, place.start, place.bytes);
        const Kind = arrays[place.dtype];
        return { dtype: place.dtype, shape: place.shape, data: new Kind(buffer.buffer as ArrayBuffer, 0, place.bytes / Kind.BYTES_PER_ELEMENT) };
      },
    };
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

/** Writes atomically (see `writeAtomically`). Tensors are streamed one by one; equal tensors and metadata give equal bytes. */
export async function writeSafetensors(path: string, tensors: ReadonlyMap<string, SavedTensor>, metadata?: Readonly<Record<string, string>>): Promise<Written> {
  return writeAtomically(path, safetensorsBytes(tensors, metadata));
}

/** The bytes of a file, a piece a tensor; views of the tensors, not copies. */
export function* safetensorsBytes(tensors: ReadonlyMap<string, SavedTensor>, metadata?: Readonly<Record<string, string>>): Iterable<Uint8Array> {
  const sorted = [...tensors].sort(([a, x], [b, y]) => arrays[y.dtype].BYTES_PER_ELEMENT - arrays[x.dtype].BYTES_PER_ELEMENT || (a < b ? -1 : a > b ? 1 : 0));
  // A list of pairs, not an object: keys that look like numbers would change places.
  const entries: string[] = [];
  if (metadata !== undefined && Object.keys(metadata).length > 0) entries.push(`"__metadata__":${JSON.stringify(Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))))}`);
  let offset = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    if (data.length !== elementsOf(shape)) throw new Error(`${name}: ${data.length} values for shape [${shape.join(", ")}]`);
    const end = offset + data.byteLength;
    entries.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [offset, end] })}`);
    offset = end;
  }
  const header = Buffer.from(`{${entries.join(",")}}`, "utf8");
  const padded = Buffer.alloc(8 + Math.ceil(header.length / 8) * 8, " ");
  padded.writeBigUInt64LE(BigInt(padded.length - 8), 0);
  header.copy(padded, 8);
  yield padded;
  for (const [, { data }] of sorted) yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Values as float32: halves and bfloat16 are exact, 64-bit values are rounded. */
export function toFloat32({ dtype, data }: SavedTensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (dtype === "BF16") return new Float32Array(Uint32Array.from(data as Uint16Array, (bits) => bits << 16).buffer);
  if (dtype === "F16") return Float32Array.from(data as Uint16Array, halfToNumber);
  if (dtype === "F8_E4M3" || dtype === "F8_E5M2") throw new Error(`${dtype} is not converted`);
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The inverse of `toFloat32`: values that came from the type are the same bits again, others are rounded to nearest, ties to even. */
export function fromFloat32(data: Float32Array, shape: readonly number[], dtype: DType): SavedTensor {
  switch (dtype) {
    case "F64":
      return { dtype, shape, data: Float64Array.from(data) };
    case "BF16": {
      const bits = new Uint32Array(data.slice().buffer);
      return { dtype, shape, data: Uint16Array.from(bits, (word, i) => (Number.isNaN(data[i]) ? (word >>> 16) | 64 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16)) };
    }
    case "F16":
      return { dtype, shape, data: Uint16Array.from(data, numberToHalf) };
    default:
      return { dtype: "F32", shape, data };
  }
}

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

function numberToHalf(value: number): number {
  scratch[0] = value;
  const sign = (scratchBits[0] >>> 16) & 0x8000;
  if (Number.isNaN(value)) return 0x7e00;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  // Steps of 2^(exponent - 10), of 2^-24 for the smallest; rounding up may carry into the exponent, as it should.
  const exponent = Math.max(-14, ((scratchBits[0] >>> 23) & 255) - 127);
  const steps = size / 2 ** (exponent - 10);
  const floor = Math.floor(steps);
  const rest = steps - floor;
  return sign | (((exponent + 14) << 10) + floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0));
}

type Header = Readonly<Record<string, unknown>>;
type Damaged = (reason: string) => never;

function parseHeader(bytes: Buffer, damaged: Damaged): Header {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return damaged("its header is not JSON");
  }
  return typeof header === "object" && header !== null && !Array.isArray(header) ? (header as Header) : damaged("its header is not an object");
}

/** Tensors must follow each other without gaps, as the library demands: a file can hide nothing. */
function placeTensors(header: Header, dataStart: number, damaged: Damaged): { tensors: Map<string, TensorPlace>; end: number } {
  const tensors = new Map<string, TensorPlace>();
  const ranges: [number, number, string][] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const entry = (value ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
    const { shape, data_offsets: offsets } = entry;
    if (typeof entry.dtype !== "string" || !Object.hasOwn(arrays, entry.dtype)) return damaged(`tensor \`${name}\` has the unknown type ${JSON.stringify(entry.dtype) ?? "(none)"}`);
    const dtype = entry.dtype as DType;
    if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) return damaged(`tensor \`${name}\` has no whole shape and place`);
    const bytes = elementsOf(shape) * arrays[dtype].BYTES_PER_ELEMENT;
    if (offsets[1] - offsets[0] !== bytes) return damaged(`tensor \`${name}\` of shape [${shape.join(", ")}] needs ${bytes} bytes and has ${offsets[1] - offsets[0]}`);
    tensors.set(name, { dtype, shape, start: dataStart + offsets[0], bytes });
    ranges.push([offsets[0], offsets[1], name]);
  }
  let end = 0;
  for (const [start, stop, name] of ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (start !== end) return damaged(`tensor \`${name}\` starts at ${start}, the one before ends at ${end}`);
    end = stop;
  }
  return { tensors, end: dataStart + end };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A fresh buffer of its own, so that typed arrays on it are aligned. */
function readAt(path: string, handle: number, start: number, length: number): Buffer {
  const buffer = Buffer.from(new ArrayBuffer(length));
  reporting(path, () => {
    for (let done = 0; done < length; ) {
      const read = readSync(handle, buffer, done, Math.min(length - done, largestRead), start + done);
      if (read === 0) throw fileError(damagedSafetensors, path, { file: path, reason: "it became shorter while it was read" });
      done += read;
    }
  });
  return buffer;
}

function reporting<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw fileError(unreadableFile, path, { file: path, reason: code === "ENOENT" ? "there is no such file" : reasonOf(code) });
  }
}
