// Hashes of texts, and tables of them in flat memory: 16 to 32 bytes a member against some 100 of a `Map`.

/** A table from hashes of 52 bits to whole numbers; it holds `most` of them and takes no more. */
export interface HashTable {
  readonly get: (hash: number) => number | undefined;
  /** Leaves what is there, and a full table, as they are. */
  readonly set: (hash: number, value: number) => void;
}

export function hashTable(most: number): HashTable {
  let slots = 1 << 10;
  let keys = new Float64Array(slots).fill(-1);
  let values = new Int32Array(slots);
  let size = 0;
  const find = (hash: number): number => {
    let at = hash % slots;
    while (keys[at] >= 0 && keys[at] !== hash) at = at + 1 === slots ? 0 : at + 1;
    return at;
  };
  const grow = (): void => {
    const [oldKeys, oldValues] = [keys, values];
    slots *= 2;
    keys = new Float64Array(slots).fill(-1);
    values = new Int32Array(slots);
    oldKeys.forEach((hash, i) => {
      if (hash < 0) return;
      const at = find(hash);
      keys[at] = hash;
      values[at] = oldValues[i];
    });
  };
  return {
    get(hash) {
      const at = find(hash);
      return keys[at] === hash ? values[at] : undefined;
    },
    set(hash, value) {
      const at = find(hash);
      if (keys[at] === hash || size >= most) return;
      keys[at] = hash;
      values[at] = value;
      if (++size * 2 > slots) grow();
    },
  };
}

/** 52 bits of a text: two FNV-1a hashes, finished as in MurmurHash3. */
export function hashOf(text: string): number {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995) ^ (b >>> 13);
  }
  return (mix(a) >>> 0) * 2 ** 20 + (mix(b ^ text.length) >>> 12);
}

export function mix(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
}
