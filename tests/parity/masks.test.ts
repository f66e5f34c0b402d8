// The masks of ../shared/goldens/objectives/masks.json, read by the language: their pairs, and the same of their printed text.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { maskMatrix } from "../../compiler/graph/mask.ts";
import { maskRows } from "../../compiler/ops/_attention_mask.ts";
import { maskText } from "../../compiler/value-text.ts";
import { compileMask } from "../harness/random-mask.ts";

interface Golden { readonly mask: string; readonly length: number; readonly prefix: number; readonly documents: readonly number[]; readonly rows: readonly string[] }

const file = join(process.env.PT_GOLDENS ?? join(import.meta.dirname, "../../../shared/goldens"), "objectives/masks.json");
const { cases } = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { cases: readonly Golden[] }) : { cases: [] };

describe.skipIf(!cases.length)(`golden masks${cases.length ? "" : " (skipped: ../shared/goldens is not there; PT_GOLDENS may name it)"}`, () => {
  test.each(cases.map((golden) => [`${golden.mask}, length ${golden.length}`, golden] as const))("%s", (_, { mask, length, prefix, documents, rows }) => {
    for (const text of [mask, maskText(compileMask(mask))]) {
      const allowed = maskMatrix(compileMask(text), { queries: length, keys: length, prefix }, { queries: documents, keys: documents });
      expect(Array.from({ length }, (_row, t) => allowed.subarray(t * length, (t + 1) * length).join("")), text).toEqual(rows);
    }
    // What kernels walk, from the mask's class where it has one.
    const { first, last, dense, allowed } = maskRows(compileMask(mask), length, length, { prefix: Int32Array.of(prefix), documents: Int32Array.from(documents) })(0);
    const walked = rows.map((row, t) => [...row].map((_cell, s) => Number(s >= first[t] && s <= last[t] && (dense[t] === 1 || allowed![t * length + s] === 1))).join(""));
    expect(walked).toEqual(rows);
  });
});
