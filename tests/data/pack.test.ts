// Windows: hand-made examples, and the properties that no layout may break.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyFields } from "../../runtime/data/fields.ts";
import { makeWindows, piecesOf } from "../../runtime/data/pack.ts";
import { rowWriter } from "../../runtime/data/row.ts";
import { tokenStoreBuilder } from "../../runtime/data/store.ts";
import type { TokenStore } from "../../runtime/data/store.ts";
import { nextTokens } from "../objectives/plans.ts";

const pad = 99;
function storeOf(documents: readonly (readonly number[])[]): TokenStore {
  const builder = tokenStoreBuilder(1_000_000, { before: null, after: null, sentences: false });
  for (const document of documents) builder.add([Int32Array.from(document)]);
  return builder.finish();
}
function rows(documents: readonly (readonly number[])[], length: number, pack: boolean) {
  const store = storeOf(documents);
  const objective = nextTokens(length);
  const windows = makeWindows(store, { tokens: length + 1, of: "next", pack: pack ? { positions: length, beyond: -1 } : null });
  return Array.from({ length: windows.examples }, (_, example) => {
    const fields = emptyFields(objective, 1, true, pad);
    const writer = rowWriter(objective, fields, 0);
    const [first, end] = piecesOf(windows, example);
    for (let p = first; p < end; p++) writer.next(objective.entries[0], [], store.ids.slice(windows.starts.at(p)!, windows.starts.at(p)! + windows.lengths.at(p)!));
    const names = { tokens: "tokens", targets: "lm.targets", weights: "lm.weights", positions: "positions", real: "real", documents: "documents" } as const;
    return Object.fromEntries(Object.entries(names).map(([name, field]) => [name, [...fields.get(field)!.data]])) as Record<keyof typeof names, number[]>;
  });
}

describe("not packed", () => {
  it("cuts a document into windows, each token but the first predicted once", () => {
    expect(rows([[1, 2, 3, 4, 5, 6]], 4, false)).toEqual([
      { tokens: [1, 2, 3, 4], targets: [2, 3, 4, 5], weights: [1, 1, 1, 1], positions: [0, 1, 2, 3], real: [1, 1, 1, 1], documents: [0, 0, 0, 0] },
      { tokens: [5, pad, pad, pad], targets: [6, pad, pad, pad], weights: [1, 0, 0, 0], positions: [0, 0, 0, 0], real: [1, 0, 0, 0], documents: [0, -1, -1, -1] },
    ]);
  });

  it("makes one full window of T + 1 tokens and nothing of one token", () => {
    expect(rows([[1, 2, 3, 4, 5], [7], []], 4, false)).toHaveLength(1);
  });
});

describe("packed", () => {
  it("puts several documents into an example, first fit, none split that fits", () => {
    expect(rows([[1, 2, 3], [4, 5, 6, 7], [8, 9], [10, 11, 12]], 4, true).map(({ tokens, documents, positions, targets }) => ({ tokens, documents, positions, targets }))).toEqual([
      { tokens: [1, 2, 8, pad], documents: [0, 0, 1, -1], positions: [0, 1, 0, 0], targets: [2, 3, 9, pad] },
      { tokens: [4, 5, 6, pad], documents: [0, 0, 0, -1], positions: [0, 1, 2, 0], targets: [5, 6, 7, pad] },
      { tokens: [10, 11, pad, pad], documents: [0, 0, -1, -1], positions: [0, 1, 0, 0], targets: [11, 12, pad, pad] },
    ]);
  });
});

describe("both", () => {
  // Every token is a number of its own, so that each target can be told apart.
  const corpus = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 30 }).map((lengths) => {
    let next = 100;
    return lengths.map((length) => Array.from({ length }, () => next++));
  });
  const length = fc.integer({ min: 1, max: 12 });

  it("lose no target and count none twice; targets follow their tokens", () => {
    fc.assert(
      fc.property(corpus, length, fc.boolean(), (documents, T, pack) => {
        const wanted = documents.flatMap((document) => document.slice(1)).sort((a, b) => a - b);
        const all = rows(documents, T, pack);
        const found: number[] = [];
        for (const row of all) {
          for (let t = 0; t < T; t++) {
            expect(row.weights[t]).toBe(row.real[t]);
            if (row.weights[t] === 0) {
              expect([row.tokens[t], row.targets[t], row.documents[t]]).toEqual([pad, pad, -1]);
              continue;
            }
            expect(row.targets[t]).toBe(row.tokens[t] + 1);
            found.push(row.targets[t]);
            const first = t === 0 || row.documents[t] !== row.documents[t - 1];
            expect(row.positions[t]).toBe(first ? 0 : row.positions[t - 1] + 1);
          }
        }
        expect(found.sort((a, b) => a - b)).toEqual(wanted);
      }),
    );
  });

  it("packing needs no more examples, and splits no document that fits", () => {
    fc.assert(
      fc.property(corpus, length, (documents, T) => {
        const packed = rows(documents, T, true);
        expect(packed.length).toBeLessThanOrEqual(rows(documents, T, false).length);
        for (const document of documents) {
          if (document.length < 2 || document.length - 1 > T) continue;
          const holding = packed.filter((row) => row.tokens.includes(document[0]));
          expect(holding).toHaveLength(1);
          expect(holding[0].targets).toContain(document.at(-1));
        }
      }),
    );
  });
});
