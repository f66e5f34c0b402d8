// A set of 52-bit hashes in flat memory: 12 bytes a member against some 40 of a `Set`.

/** Members it holds at most: 128 MB of table. */
export const mostSeen = 1 << 23;

export interface Seen {
  /** Whether the hash was there before; adds it unless the set is full. */
  readonly add: (hash: number) => boolean;
  readonly size: () => number;
}

/** `most` bounds the memory; what comes after is still looked up, and no longer added. */
export function seenHashes(most = mostSeen): Seen {
  let slots = 1 << 10;
  let table = new Float64Array(slots).fill(-1);
  let size = 0;
  const find = (hash: number): number => {
    let at = hash % slots;
    while (table[at] >= 0 && table[at] !== hash) at = at + 1 === slots ? 0 : at + 1;
    return at;
  };
  const grow = (): void => {
    const old = table;
    slots *= 2;
    table = new Float64Array(slots).fill(-1);
    for (const hash of old) if (hash >= 0) table[find(hash)] = hash;
  };
  return {
    add(hash) {
      const at = find(hash);
      if (table[at] === hash) return true;
      if (size < most) {
        table[at] = hash;
        if (++size * 2 > slots) grow();
      }
      return false;
    },
    size: () => size,
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
