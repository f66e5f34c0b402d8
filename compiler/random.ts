// Philox 4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): the one generator of the project.
// Counter-based: the same (seed, purpose, step, site, index) gives the same bits on every machine, in any order.

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** Fills `out[0..3]` with the four unsigned 32-bit words of counter (c0, c1, c2, c3) under key (k0, k1). */
export function philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array): void {
  for (let round = 0; round < 10; round++) {
    const low0 = Math.imul(M0, c0);
    const high0 = multiplyHigh(M0, c0);
    const low1 = Math.imul(M1, c2);
    const high1 = multiplyHigh(M1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** High 32 bits of the product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const cross = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(cross / 65536)) | 0;
}

/** 24-bit uniform in [0, 1): exact in float32, so every backend agrees on `u < rate`. */
export function toUnit(word: number): number {
  return (word >>> 8) * 2 ** -24;
}

/** FNV-1a of a text: turns a purpose or a site's path into a counter word. */
export function wordOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

export interface RandomStream {
  /** Next unsigned 32-bit word. */
  word(): number;
  /** Uniform in [0, 1), 24 bits. */
  unit(): number;
  /** Uniform integer in [0, n), n ≤ 2^32, without modulo bias. */
  below(n: number): number;
  /** Standard normal (Box–Muller on two words). */
  normal(): number;
}

/** A stream keyed by (seed, purpose, step, site). Seeds up to 2^53. */
export function randomStream(seed: number, purpose: string, step = 0, site: number | string = 0): RandomStream {
  const k0 = seed >>> 0;
  const k1 = (Math.floor(seed / 2 ** 32) ^ wordOf(purpose)) >>> 0;
  const where = typeof site === "string" ? wordOf(site) : site >>> 0;
  const words = new Uint32Array(4);
  let block = 0;
  let used = 4;
  const word = (): number => {
    if (used === 4) {
      philox(block >>> 0, Math.floor(block / 2 ** 32) >>> 0, step >>> 0, where, k0, k1, words);
      block++;
      used = 0;
    }
    return words[used++];
  };
  const unit = (): number => toUnit(word());
  return {
    word,
    unit,
    below(n) {
      const limit = Math.floor(2 ** 32 / n) * n;
      for (;;) {
        const w = word();
        if (w < limit) return w % n;
      }
    },
    normal() {
      const u = 1 - unit();
      return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * unit());
    },
  };
}
