// MinHash (Broder 1997) with banding (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4): the share of equal
// minimal hashes estimates the Jaccard similarity of the sets of shingles; documents are compared that agree in all rows of a band.

import { defineCleaner, numberOf, removingDocuments, wordsOf } from "./define.ts";
import { hashOf, hashTable, mix } from "../data/hashes.ts";

/** Documents that are remembered, at most: with 64 hashes 130 MB of tables and signatures. */
const most = 1 << 18;

export const near_duplicates = defineCleaner({
  word: "near_duplicates",
  doc: "Removes documents that are nearly the same as an earlier one: MinHash over runs of words. The first 262,144 documents are remembered.",
  parameters: {
    similarity: { type: { type: "rate" }, doc: "Jaccard similarity of the sets of runs from which on a document goes", positional: true, default: "80%" },
    words: { type: { type: "integer", minimum: 1 }, doc: "words of a run", default: "5" },
    hashes: { type: { type: "integer", minimum: 16, maximum: 256 }, doc: "minimal hashes of a document; the estimate's deviation is at most 1 / (2 √hashes)", default: "64" },
  },
  make(args) {
    const [similarity, run, hashes] = ["similarity", "words", "hashes"].map((name) => numberOf(args, name));
    const rows = rowsOf(similarity, hashes);
    const bands = Math.floor(hashes / rows);
    const multipliers = Uint32Array.from({ length: hashes }, (_, i) => mix(2 * i + 1) | 1);
    const offsets = Uint32Array.from({ length: hashes }, (_, i) => mix(0x5bd1e995 + i));
    // Signatures one after another; the buckets say which begins where.
    let signatures = new Uint16Array(1 << 10);
    let remembered = 0;
    const buckets = hashTable(most * bands);
    const remember = (signature: Uint16Array): number => {
      if ((remembered + 1) * hashes > signatures.length) {
        const larger = new Uint16Array(Math.max(2 * signatures.length, (remembered + 1) * hashes));
        larger.set(signatures);
        signatures = larger;
      }
      signatures.set(signature, remembered * hashes);
      return remembered++;
    };
    return removingDocuments((document) => {
      const words = wordsOf(document.toLowerCase());
      if (words.length === 0) return false;
      const least = new Uint32Array(hashes).fill(0xffffffff);
      for (let i = 0; i + run <= Math.max(words.length, run); i++) {
        const shingle = Math.floor(hashOf(words.slice(i, i + run).join(" ")) / 2 ** 20);
        for (let h = 0; h < hashes; h++) {
          const value = mix(Math.imul(shingle, multipliers[h]) + offsets[h]) >>> 0;
          if (value < least[h]) least[h] = value;
        }
      }
      // The low 16 bits tell hashes apart but for one in 65,536.
      const signature = Uint16Array.from(least);
      const keys = Array.from({ length: bands }, (_, band) => hashOf(`${band} ${signature.subarray(band * rows, (band + 1) * rows).join(" ")}`));
      for (const key of keys) {
        const other = buckets.get(key);
        if (other !== undefined && agreement(signature, signatures.subarray(other * hashes, (other + 1) * hashes)) >= similarity) return true;
      }
      if (remembered < most) {
        const number = remember(signature);
        for (const key of keys) buckets.set(key, number);
      }
      return false;
    });
  },
});

/** Rows of a band such that documents of this similarity meet in some band with a probability of at least 99 %: 1 − (1 − sʳ)^(n/r). */
function rowsOf(similarity: number, hashes: number): number {
  let rows = 1;
  while (rows < hashes && 1 - (1 - similarity ** (rows + 1)) ** Math.floor(hashes / (rows + 1)) >= 0.99) rows++;
  return rows;
}

function agreement(a: Uint16Array, b: Uint16Array): number {
  let equal = 0;
  for (let i = 0; i < a.length; i++) if (a[i] === b[i]) equal++;
  return equal / a.length;
}
