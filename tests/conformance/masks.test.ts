// Every mask against its definition, written out here once more; its class; and its picture.

import { describe, expect, test } from "vitest";
import { classifyMask, maskMatrix } from "../../compiler/graph/mask.ts";
import type { MaskDefinition } from "../../compiler/masks/define.ts";
import { masks } from "../../compiler/masks/index.ts";
import { maskText } from "../../compiler/value-text.ts";
import { pictureOf } from "../../runtime/terminal/mask-picture.ts";

interface Sample { readonly args: Record<string, number>; readonly sees: (query: number, key: number, prefix: number, same: boolean) => boolean; readonly class: string; readonly text: string }

const samples: Readonly<Record<string, Sample>> = {
  full: { args: {}, sees: () => true, class: "full", text: "full" },
  causal: { args: {}, sees: (query, key) => key <= query, class: "causal", text: "causal" },
  prefix: { args: {}, sees: (query, key, prefix) => key < prefix || key <= query, class: "prefix", text: "prefix" },
  window: { args: { n: 3 }, sees: (query, key) => Math.abs(query - key) < 3, class: "banded", text: "window(3)" },
  document: { args: {}, sees: (_query, _key, _prefix, same) => same, class: "full", text: "document" },
  global: { args: { n: 2 }, sees: (query, key) => key < 2 || query < 2, class: "block-sparse", text: "global(2)" },
};

const size = 12;
const documents = Array.from({ length: size }, (_, i) => (i < 5 ? 0 : 1));

describe.each(Object.values(masks as Readonly<Record<string, MaskDefinition>>))("$word", (definition) => {
  const sample = samples[definition.word];
  test("is its definition", () => {
    expect(sample, "add a sample to this test").toBeDefined();
    const mask = definition.predicate(sample.args);
    for (const prefix of [0, 1, 7, size]) {
      const allowed = maskMatrix(mask, { queries: size, keys: size, prefix }, { queries: documents, keys: documents });
      const wanted = Array.from({ length: size * size }, (_, i) => Number(sample.sees(Math.floor(i / size), i % size, prefix, documents[Math.floor(i / size)] === documents[i % size])));
      expect([...allowed]).toEqual(wanted);
    }
  });

  test("has its class, text and picture", () => {
    const mask = definition.predicate(sample.args);
    expect(classifyMask(mask).class).toBe(sample.class);
    expect(maskText(mask)).toBe(sample.text);
    const { positions, prefix, documents: lengths, rows } = pictureOf(mask);
    expect([positions >= 8 && positions <= 32, rows.length, rows[0].length]).toEqual([true, positions, 2 * positions]);
    expect(prefix !== null).toBe(definition.word === "prefix");
    expect(lengths !== null).toBe(definition.word === "document");
  });
});
