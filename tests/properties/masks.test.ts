// Properties of random mask expressions, against their meaning written a second time (harness/random-mask.ts). A failure prints fast-check's seed.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blindQueries } from "../../compiler/graph/mask-blind.ts";
import { classifyMask, looksAhead, maskMatrix, splitDocument } from "../../compiler/graph/mask.ts";
import type { MaskExpression } from "../../compiler/masks/define.ts";
import { keyRanges, maskRows } from "../../compiler/ops/_attention_mask.ts";
import { maskText } from "../../compiler/value-text.ts";
import { compileMask, randomMask, type RandomMask } from "../harness/random-mask.ts";

const documentsOf = (size: number, cut: number): Int32Array => Int32Array.from({ length: size }, (_, i) => (i < cut ? 3 : i < 2 * cut ? 5 : 3));
const sizes = fc.record({ queries: fc.integer({ min: 1, max: 14 }), keys: fc.integer({ min: 1, max: 70 }), offset: fc.integer({ min: 0, max: 60 }), prefix: fc.integer({ min: 0, max: 40 }), cut: fc.integer({ min: 1, max: 12 }) });
type Sizes = typeof sizes extends fc.Arbitrary<infer T> ? T : never;

function meaning({ of }: RandomMask, { queries, keys, offset, prefix, cut }: Sizes, documents = true): string[] {
  const [own, theirs] = [documentsOf(queries, cut), documentsOf(keys, cut)];
  return Array.from({ length: queries }, (_, t) => Array.from({ length: keys }, (_k, s) => Number(of({ query: offset + t, key: s, prefix, length: keys, same: !documents || own[t] === theirs[s] }))).join(""));
}

const rowsOf = (matrix: Uint8Array, { queries, keys }: Sizes): string[] => Array.from({ length: queries }, (_, t) => matrix.subarray(t * keys, (t + 1) * keys).join(""));

describe("random masks", () => {
  test("mean what they say, also read back from their text", () => {
    fc.assert(fc.property(randomMask(), sizes, (mask, size) => {
      const documents = { queries: documentsOf(size.queries, size.cut), keys: documentsOf(size.keys, size.cut) };
      const compiled = compileMask(mask.text);
      const expected = meaning(mask, size);
      expect(rowsOf(maskMatrix(compiled, size, documents), size)).toEqual(expected);
      expect(rowsOf(maskMatrix(compileMask(maskText(compiled)), size, documents), size), maskText(compiled)).toEqual(expected);
    }), { numRuns: 600 });
  });

  test("are what their class claims, at every size, offset and prefix", () => {
    const claimed = new Map<string, number>();
    fc.assert(fc.property(randomMask({ whole: true, documents: false }), fc.array(sizes, { minLength: 4, maxLength: 4 }), (mask, several) => {
      const compiled = compileMask(mask.text);
      const { class: kind, band } = classifyMask(compiled);
      claimed.set(kind, (claimed.get(kind) ?? 0) + 1);
      const claim = claimOf(kind, band);
      if (claim) for (const size of several) expect(meaning(mask, size), kind).toEqual(meaning({ text: "", of: claim }, size));
    }), { numRuns: 1500 });
    for (const kind of ["full", "causal", "prefix", "banded", "block-sparse", "general"]) expect(claimed.get(kind) ?? 0, kind).toBeGreaterThan(5);
  });

  test("give kernels the rows and ranges of their pairs, with padding, documents and prefixes of each example", () => {
    fc.assert(fc.property(randomMask(), sizes, fc.integer(), (mask, size, seed) => {
      const { queries: T, keys: S, cut } = size;
      const [own, theirs] = [documentsOf(T, cut), documentsOf(S, cut)];
      const real = Int32Array.from({ length: 2 * S }, (_, i) => ((i * 7 + (seed & 15)) % 5 ? 1 : 0));
      const facts = { real, documents: Int32Array.from([...own, ...own.map((d) => -d)]), key_documents: Int32Array.from([...theirs, ...theirs]), prefix: [size.prefix, 0], offset: [size.offset] };
      const rowsFor = maskRows(compileMask(mask.text), T, S, facts);
      for (const b of [0, 1]) {
        const rows = rowsFor(b);
        const sees = (t: number, s: number): boolean => real[b * S + s] === 1 && mask.of({ query: size.offset + t, key: s, prefix: facts.prefix[b], length: S, same: facts.documents[b * T + t] === theirs[s] });
        const wrong: string[] = [];
        for (let t = 0; t < T; t++) {
          for (let s = 0; s < S; s++) if ((s >= rows.first[t] && s <= rows.last[t] && (rows.dense[t] === 1 || rows.allowed![t * S + s] === 1)) !== sees(t, s)) wrong.push(`query ${t}, key ${s}`);
          const ranges = keyRanges(rows, t, Math.min(T, t + 4), S, 8);
          const covered = new Uint8Array(S);
          for (let n = 0; n < ranges.length; n += 2) {
            if (ranges[n] > ranges[n + 1] || (n > 0 && ranges[n] <= ranges[n - 1] + 8)) wrong.push(`ranges ${ranges}`);
            covered.fill(1, ranges[n], ranges[n + 1] + 1);
          }
          for (let s = 0; s < S; s++) for (let r = t; r < Math.min(T, t + 4); r++) if (!covered[s] && sees(r, s)) wrong.push(`query ${r}, key ${s} outside ${ranges}`);
        }
        expect(wrong).toEqual([]);
      }
    }), { numRuns: 300 });
  });

  test("hide everything from the queries that are said to be blind", () => {
    const found = { all: 0, first: 0, neither: 0 };
    fc.assert(fc.property(fc.oneof(randomMask(), fc.tuple(randomMask({ whole: true }), randomMask()).map(([a, b]): RandomMask => ({ text: `${a.text} & ${b.text} & not ${a.text}`, of: () => false }))), (mask) => {
      const blind = blindQueries(compileMask(mask.text));
      found[blind === "all" ? "all" : blind ? "first" : "neither"]++;
      if (!blind) return;
      for (const query of blind === "all" ? [0, 1, 2, 7, 30, 55] : [blind.first]) {
        for (let prefix = 0; prefix < 40; prefix++) for (let key = 0; key < 60; key++) for (const same of key === query ? [true] : [true, false]) if (mask.of({ query, key, prefix, length: 60, same })) expect.fail(`${query} sees ${key}`);
      }
    }), { numRuns: 400 });
    expect(Math.min(found.all, found.first, found.neither)).toBeGreaterThan(3);
  });

  test("see ahead where they do", () => {
    fc.assert(fc.property(randomMask({ documents: false }), fc.integer({ min: 1, max: 60 }), (mask, length) => {
      let first: { query: number; key: number } | null = null;
      for (let query = 0; query < length && !first; query++) for (let key = query + 1; key < length && !first; key++) if (mask.of({ query, key, prefix: 0, length, same: true })) first = { query, key };
      expect(looksAhead(compileMask(mask.text), length)?.query).toEqual(first?.query);
    }), { numRuns: 500 });
  });
});

function claimOf(kind: string, band?: readonly [number | null, number | null]): RandomMask["of"] | null {
  if (kind === "full") return () => true;
  if (kind === "causal") return ({ query, key }) => key <= query;
  if (kind === "prefix") return ({ query, key, prefix }) => key < prefix || key <= query;
  if (kind === "banded") return ({ query, key }) => (band![0] === null || key >= query + band![0]) && (band![1] === null || key <= query + band![1]);
  return null;
}

describe("classes", () => {
  const classOf = (text: string): string => classifyMask(compileMask(text)).class;
  test("by hand", () => {
    const wanted: Record<string, string> = {
      full: "full", "causal | not causal": "full", "key >= 0 | query >= 0": "block-sparse or general",
      causal: "causal", "query - key >= 0": "causal", "not (query < key)": "causal", "max(query, key) == query": "causal",
      prefix: "prefix", "key <= max(query, prefix - 1)": "prefix", "causal | key < prefix": "prefix", "prefix & document": "prefix",
      "window(3)": "banded", "causal & query - key < 5000": "banded", "not causal": "banded", "abs(2 * (query - key)) <= 9": "banded",
      "window(3) | key < 1 | query < 1": "block-sparse", "causal & abs(query - key) >= 4000": "banded",
      "causal & ((query - key) mod 3 == 0)": "general", "key <= length - query": "general", "not document": "general", "document | causal": "general",
    };
    for (const [text, kind] of Object.entries(wanted)) expect(kind, text).toContain(classOf(text));
  });

  test("nothing is claimed of what only looks so at short lengths or chosen prefixes", () => {
    for (const text of ["query mod 7 + query mod 5 + query mod 3 < 12", "prefix | prefix == 2", "key <= query | query - 3 * key > 400", "query * key < 5000", "causal | query + key > 9000"]) {
      expect(["general", "block-sparse"], text).toContain(classOf(text));
    }
  });

  test("a document stands beside them only as a conjunct", () => {
    const split = (text: string): { rest: MaskExpression; document: boolean } | null => splitDocument(compileMask(text));
    expect(split("causal & document & window(2)")).toMatchObject({ document: true });
    expect(split("causal")).toMatchObject({ document: false });
    for (const text of ["not document", "causal | document", "causal & (document | key < 1)"]) expect(split(text)).toBe(null);
  });

  test("queries that see nothing, by hand", () => {
    const wanted: Record<string, ReturnType<typeof blindQueries>> = {
      causal: null, "key < query": null, "not causal": null, document: null, "not document": null, "window(4096)": null, prefix: null, "key < prefix": null,
      "causal & query < key": "all", "not full": "all", "causal & query - key > 5000 & query - key < 5000": "all", "key < prefix & prefix < 0": "all", "key == query & key mod 2 == 0 & key != query": "all",
      "causal & query - key >= 4": { first: 1 }, "key == query & query < 7": { first: 7 }, "key < query & query != 20": { first: 20 }, "document & key == query & key != 9": { first: 9 },
      "key < query & query mod 3 == 0": null,
    };
    for (const [text, blind] of Object.entries(wanted)) expect(blindQueries(compileMask(text)), text).toEqual(blind);
  });

  test("a later position that a period of 105 shows is found", () => {
    expect(looksAhead(compileMask("causal | query mod 7 + query mod 5 + query mod 3 >= 12"), 400)).toEqual({ query: 104, key: 105 });
    expect(looksAhead(compileMask("causal & ((query - key) mod 7 == 0)"), 100_000)).toBe(null);
  });
});
