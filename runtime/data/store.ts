// All tokens of a dataset in one compact array, with the places where documents start.

export interface TokenStore {
  readonly ids: Uint16Array | Int32Array;
  /** Document d is ids[starts[d]] up to ids[starts[d + 1]]; one more entry than documents. */
  readonly starts: Uint32Array;
  /** Places where sentences begin, the first token of each document among them; empty unless asked for. */
  readonly sentences: Uint32Array;
  /** Tokens before and after the text of every document. */
  readonly before: number;
  readonly after: number;
}

export interface TokenStoreBuilder {
  /** A document, whole or in sentences. */
  readonly add: (sentences: readonly Int32Array[]) => void;
  readonly finish: () => TokenStore;
}

/** Ids below 65,536 take two bytes each. Documents of fewer than two tokens predict nothing and are left out. */
export function tokenStoreBuilder(vocab: number, { before, after, sentences: marked }: { readonly before: number | null; readonly after: number | null; readonly sentences: boolean }): TokenStoreBuilder {
  const make = (length: number): Uint16Array | Int32Array => (vocab <= 2 ** 16 ? new Uint16Array(length) : new Int32Array(length));
  let ids = make(1 << 16);
  let length = 0;
  const starts: number[] = [0];
  const sentences: number[] = [];
  return {
    add(parts) {
      const text = parts.reduce((sum, part) => sum + part.length, 0);
      const more = text + (before === null ? 0 : 1) + (after === null ? 0 : 1);
      if (text === 0 || more < 2) return;
      if (length + more > ids.length) {
        const larger = make(Math.max(ids.length * 2, length + more));
        larger.set(ids.subarray(0, length));
        ids = larger;
      }
      if (before !== null) ids[length++] = before;
      for (const part of parts) {
        if (marked && part.length > 0) sentences.push(length);
        ids.set(part, length);
        length += part.length;
      }
      if (after !== null) ids[length++] = after;
      starts.push(length);
    },
    finish: () => ({ ids: ids.slice(0, length), starts: Uint32Array.from(starts), sentences: Uint32Array.from(sentences), before: before === null ? 0 : 1, after: after === null ? 0 : 1 }),
  };
}
