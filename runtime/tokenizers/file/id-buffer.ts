// A growing list of ids in a typed array.

export interface IdBuffer {
  readonly append: (ids: readonly number[]) => void;
  readonly length: () => number;
  readonly take: () => Int32Array;
}

export function idBuffer(guess: number): IdBuffer {
  let ids = new Int32Array(Math.max(16, guess >> 1));
  let length = 0;
  return {
    append(more) {
      if (length + more.length > ids.length) {
        const larger = new Int32Array(Math.max(ids.length * 2, length + more.length));
        larger.set(ids.subarray(0, length));
        ids = larger;
      }
      for (let i = 0; i < more.length; i++) ids[length + i] = more[i];
      length += more.length;
    },
    length: () => length,
    take: () => ids.slice(0, length),
  };
}
