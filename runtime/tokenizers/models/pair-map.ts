// A map from two whole numbers to one, in typed arrays: no object and no floating-point key per look-up, as a `Map` would need.

export interface PairMap {
  /** The value of a pair, -1 where it has none. */
  readonly get: (left: number, right: number) => number;
  readonly set: (left: number, right: number, value: number) => void;
}

/** Numbers are whole, from 0 to 2^31 - 1. Open addressing with linear probing, at most half full. */
export function pairMap(expected: number): PairMap {
  let mask = 15;
  while (mask < expected * 2) mask = mask * 2 + 1;
  let keys = new Int32Array((mask + 1) * 2).fill(-1);
  let values = new Int32Array(mask + 1);
  let used = 0;

  const place = (left: number, right: number): number => {
    let at = hash(left, right) & mask;
    while (keys[2 * at] >= 0 && (keys[2 * at] !== left || keys[2 * at + 1] !== right)) at = (at + 1) & mask;
    return at;
  };
  const grow = (): void => {
    const [oldKeys, oldValues] = [keys, values];
    mask = mask * 2 + 1;
    keys = new Int32Array((mask + 1) * 2).fill(-1);
    values = new Int32Array(mask + 1);
    for (let i = 0; i < oldValues.length; i++) {
      if (oldKeys[2 * i] < 0) continue;
      const at = place(oldKeys[2 * i], oldKeys[2 * i + 1]);
      keys[2 * at] = oldKeys[2 * i];
      keys[2 * at + 1] = oldKeys[2 * i + 1];
      values[at] = oldValues[i];
    }
  };
  return {
    get(left, right) {
      const at = place(left, right);
      return keys[2 * at] < 0 ? -1 : values[at];
    },
    set(left, right, value) {
      let at = place(left, right);
      if (keys[2 * at] < 0) {
        if (++used * 2 > mask) {
          grow();
          at = place(left, right);
        }
        keys[2 * at] = left;
        keys[2 * at + 1] = right;
      }
      values[at] = value;
    },
  };
}

/** Multiplication by odd constants near 2^32 / φ (Knuth, volume 3, section 6.4), then the high bits folded down. */
function hash(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
