// All tokens of a dataset in one compact array, with the places where documents start.

export interface TokenStore {
  readonly ids: Uint16Array | Int32Array;
  /** Document d is ids[starts[d]] up to ids[starts[d + 1]]; one more entry than documents. */
  readonly starts: Uint32Array;
}

export interface TokenStoreBuilder {
  readonly add: (document: Int32Array, before: number | null, after: number | null) => void;
  readonly finish: () => TokenStore;
}

/** Ids below 65,536 take two bytes each. Documents of fewer than two tokens predict nothing and are left out. */
export function tokenStoreBuilder(vocab: number): TokenStoreBuilder {
  const make = (length: number): Uint16Array | Int32Array => (vocab <= 2 ** 16 ? new Uint16Array(length) : new Int32Array(length));
  let ids = make(1 << 16);
  let length = 0;
  const starts: number[] = [0];
  return {
    add(document, before, after) {
      const more = document.length + (before === null ? 0 : 1) + (after === null ? 0 : 1);
      if (document.length === 0 || more < 2) return;
      if (length + more > ids.length) {
        const larger = make(Math.max(ids.length * 2, length + more));
        larger.set(ids.subarray(0, length));
        ids = larger;
      }
      if (before !== null) ids[length++] = before;
      ids.set(document, length);
      length += document.length;
      if (after !== null) ids[length++] = after;
      starts.push(length);
    },
    finish: () => ({ ids: ids.slice(0, length), starts: Uint32Array.from(starts) }),
  };
}
