// Long lists of numbers that only grow and are then read: in memory, or in a file of which a few kilobytes are held at a time.

import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { reporting } from "../files/write.ts";

/** How a number is stored: pixels in one byte, ids below 65,536 in two bytes, others in four, places in eight (they outgrow 2^32). */
export type NumberKind = "uint8" | "uint16" | "int32" | "float64";

export interface Numbers {
  readonly length: number;
  /** The number at an index; only indexes below the length may be asked for. */
  at(index: number): number | undefined;
  slice(from: number, to: number): ArrayLike<number>;
}

export interface NumbersBuilder {
  readonly length: () => number;
  readonly add: (value: number) => void;
  readonly addAll: (values: ArrayLike<number>) => void;
  /** On the disk up to here; nothing for a list in memory. */
  readonly sync: () => void;
  /** Nothing may be added after it. */
  readonly finish: () => Numbers;
}

type Values = Uint8Array | Uint16Array | Int32Array | Float64Array;
const make = (kind: NumberKind, length: number): Values => (kind === "uint8" ? new Uint8Array(length) : kind === "uint16" ? new Uint16Array(length) : kind === "int32" ? new Int32Array(length) : new Float64Array(length));
const bytesEach = { uint8: 1, uint16: 2, int32: 4, float64: 8 } as const;

export function numbersInMemory(kind: NumberKind): NumbersBuilder {
  let values = make(kind, 1 << 10);
  let length = 0;
  const room = (more: number): void => {
    if (length + more <= values.length) return;
    const larger = make(kind, Math.max(values.length * 2, length + more));
    larger.set(values.subarray(0, length));
    values = larger;
  };
  return {
    length: () => length,
    add(value) {
      room(1);
      values[length++] = value;
    },
    addAll(more) {
      room(more.length);
      values.set(more, length);
      length += more.length;
    },
    sync: () => {},
    finish: () => values.slice(0, length),
  };
}

/** Numbers that are gathered before they are written, and read around an index at a time. */
const bufferSize = 1 << 15;
const blockSize = 1 << 9;

/** A list in a file, which keeps its first `length` numbers. Throws UserError (PT8101, PT8106). */
export function numbersInFile(path: string, kind: NumberKind, length = 0): NumbersBuilder {
  const each = bytesEach[kind];
  const file = reporting(path, () => {
    const opened = openSync(path, length > 0 ? "r+" : "w+");
    ftruncateSync(opened, length * each);
    return opened;
  });
  const buffer = make(kind, bufferSize);
  let used = 0;
  let written = length;
  const flush = (): void => {
    const bytes = new Uint8Array(buffer.buffer, 0, used * each);
    for (let done = 0; done < bytes.length; ) done += reporting(path, () => writeSync(file, bytes, done, bytes.length - done, written * each + done));
    written += used;
    used = 0;
  };
  return {
    length: () => written + used,
    add(value) {
      if (used === bufferSize) flush();
      buffer[used++] = value;
    },
    addAll(values) {
      for (let i = 0; i < values.length; i++) {
        if (used === bufferSize) flush();
        buffer[used++] = values[i];
      }
    },
    sync() {
      flush();
      reporting(path, () => fsyncSync(file));
    },
    finish() {
      flush();
      return reader(file, path, kind, written);
    },
  };
}

/** A finished file. Throws UserError when it cannot be opened. */
export function openNumbers(path: string, kind: NumberKind, length: number): Numbers {
  return reader(reporting(path, () => openSync(path, "r")), path, kind, length);
}

/** Files are closed when nobody reads them any more. */
const forgotten = new FinalizationRegistry<number>((file) => closeSync(file));

function reader(file: number, path: string, kind: NumberKind, length: number): Numbers {
  const each = bytesEach[kind];
  const read = (values: Values, from: number): void => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    for (let done = 0; done < bytes.length; ) {
      const got = reporting(path, () => readSync(file, bytes, done, bytes.length - done, from * each + done));
      if (got === 0) throw new Error(`${path} ends before number ${from + values.length}`);
      done += got;
    }
  };
  const block = make(kind, Math.min(blockSize, length));
  let blockStart = -1;
  const numbers: Numbers = {
    length,
    at(index) {
      if (blockStart < 0 || index < blockStart || index >= blockStart + block.length) {
        blockStart = Math.min(index, length - block.length);
        read(block, blockStart);
      }
      return block[index - blockStart];
    },
    slice(from, to) {
      const values = make(kind, to - from);
      read(values, from);
      return values;
    },
  };
  forgotten.register(numbers, file);
  return numbers;
}

/** A file without a name: its space is free again when the process ends, however that happens. */
export function temporaryNumbers(path: string, kind: NumberKind): NumbersBuilder {
  const list = numbersInFile(path, kind);
  try {
    rmSync(path);
  } catch {
    // Windows removes no open file; the name says which process left it.
  }
  return list;
}
