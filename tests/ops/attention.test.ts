// attention and attention_gradient: by hand, against the definition under every mask of the goldens, dropout by counter.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { maskMatrix } from "../../compiler/graph/mask.ts";
import { masks } from "../../compiler/masks/index.ts";
import { philox, toUnit, wordOf } from "../../compiler/random.ts";
import type { AttentionOptions } from "../../compiler/ops/_attention.ts";
import { expectClose } from "../harness/allclose.ts";
import { evaluateOp, float, int } from "../harness/evaluate-op.ts";
import { readMask } from "../harness/mask-text.ts";
import { normals } from "../harness/random.ts";
import { naiveAttention, type NaiveInputs } from "./naive-attention.ts";

const options: AttentionOptions = { heads: 1, kv_heads: 1, scale: 1, mask: masks.causal.predicate({}), dropout: 0, site: 0 };

test("two positions by hand: the second weighs both by e^0 and e^(ln 3)", () => {
  const [out, log_sum] = evaluateOp("attention", { query: float([1, 2, 1], 5, 1), key: float([1, 2, 1], 0, Math.log(3)), value: float([1, 2, 1], 4, 8) }, options);
  expectClose(out, [4, 7], 1e-15, "out");
  expectClose(log_sum, [0, Math.log(4)], 1e-15, "log_sum");
});

test("gradient by hand", () => {
  const inputs = { query: float([1, 2, 1], 5, 1), key: float([1, 2, 1], 0, Math.log(3)), value: float([1, 2, 1], 4, 8) };
  const [dquery, dkey, dvalue, dbias] = evaluateOp("attention_gradient", { ...inputs, out: float([1, 2, 1], 4, 7), log_sum: float([1, 1, 2], 0, Math.log(4)), dout: float([1, 2, 1], 1, 1) }, options);
  // p = (1/4, 3/4), dp = (4, 8), their mean 7: ds = (-3/4, 3/4).
  expectClose(dquery, [0, 0.75 * Math.log(3)], 1e-14, "dquery");
  expectClose(dkey, [-0.75, 0.75], 1e-14, "dkey");
  expectClose(dvalue, [1.25, 0.75], 1e-14, "dvalue");
  expect(dbias.length).toBe(0);
});

test("a query that sees no key gives zeros and gets none", () => {
  const inputs = { query: float([1, 1, 1], 3), key: float([1, 2, 1], 1, 2), value: float([1, 2, 1], 4, 8), real: int([1, 2], 0, 0) };
  const [out, log_sum] = evaluateOp("attention", inputs, options);
  expect([...out, ...log_sum]).toEqual([0, 0]);
  const gradients = evaluateOp("attention_gradient", { ...inputs, out: float([1, 1, 1], 0), log_sum: float([1, 1, 1], 0), dout: float([1, 1, 1], 1) }, options);
  for (const gradient of gradients) expect(gradient.every((value) => value === 0)).toBe(true);
});

test("dropout: a probability is kept as its counter says, wherever the batch is split", () => {
  const [T, rate, first] = [5, 0.5, 7];
  const attributes = { ...options, mask: masks.full.predicate({}), dropout: rate, site: 9 };
  const run = (examples: number, from: number): Float64Array =>
    evaluateOp("attention", {
      query: { shape: [examples, T, 1], values: new Float64Array(examples * T) },
      key: { shape: [examples, T, 1], values: new Float64Array(examples * T) },
      value: { shape: [examples, T, 1], values: Float64Array.from({ length: examples * T }, (_, i) => 2 ** (i % T)) },
      random: int([4], 3, 4, 8, from),
    }, attributes)[0];
  const both = run(2, first);
  expect([...run(1, first), ...run(1, first + 1)]).toEqual([...both]);
  const words = new Uint32Array(4);
  for (let e = 0; e < 2; e++) for (let t = 0; t < T; t++) {
    let sum = 0;
    for (let s = 0; s < T; s++) {
      const i = t * T + s;
      philox(Math.floor(i / 4), first + e, 8, 9, 3, 4 ^ wordOf("dropout"), words);
      if (toUnit(words[i % 4]) >= rate) sum += 2 ** s;
    }
    expect(both[e * T + t]).toBeCloseTo((sum / T) * 2, 12);
  }
});

function compare(x: NaiveInputs, attributes: AttentionOptions): void {
  const { B, T, S, W, V } = x;
  const { heads: H, kv_heads: G } = attributes;
  const inputs = {
    query: { shape: [B, T, H * W], values: x.query },
    key: { shape: [B, S, G * W], values: x.key },
    value: { shape: [B, S, G * V], values: x.value },
    ...(x.bias ? { bias: { shape: [H, T, S], values: x.bias } } : {}),
    ...(x.real ? { real: int([B, S], ...x.real) } : {}),
    ...(x.documents ? { documents: int([B, T], ...x.documents) } : {}),
    ...(x.prefix ? { prefix: int([B], ...x.prefix) } : {}),
  };
  const expected = naiveAttention(x, attributes);
  const [out, log_sum] = evaluateOp("attention", inputs, attributes);
  expectClose(out, expected.out, 1e-12, "out");
  expectClose(log_sum, expected.log_sum, 1e-12, "log_sum");
  const given = { ...inputs, out: { shape: [B, T, H * V], values: out }, log_sum: { shape: [B, H, T], values: log_sum }, dout: { shape: [B, T, H * V], values: x.dout } };
  const [dquery, dkey, dvalue, dbias] = evaluateOp("attention_gradient", given, attributes);
  expectClose(dquery, expected.dquery, 1e-11, "dquery");
  expectClose(dkey, expected.dkey, 1e-11, "dkey");
  expectClose(dvalue, expected.dvalue, 1e-11, "dvalue");
  if (x.bias) expectClose(dbias, expected.dbias, 1e-11, "dbias");
}

const file = join(process.env.PT_GOLDENS ?? join(import.meta.dirname, "../../../shared/goldens"), "objectives/masks.json");
interface Golden { readonly mask: string; readonly length: number; readonly prefix: number; readonly documents: readonly number[]; readonly rows: readonly string[] }

describe.skipIf(!existsSync(file))("masks of the goldens (skipped where the folder is absent)", () => {
  const { cases } = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { cases: readonly Golden[] }) : { cases: [] };
  test.each(cases.map((golden) => [`${golden.mask}, length ${golden.length}`, golden] as const))("%s", (_, { mask: text, length, prefix, documents, rows }) => {
    const mask = readMask(text);
    const matrix = maskMatrix(mask, { queries: length, keys: length, prefix }, { queries: documents, keys: documents });
    expect(Array.from({ length }, (_row, t) => matrix.subarray(t * length, (t + 1) * length).join(""))).toEqual(rows);
    const [B, H, G, W, V] = [2, 4, 2, 3, 2];
    const attributes = { heads: H, kv_heads: G, scale: 0.7, mask, dropout: 0, site: 0 };
    const x = { B, T: length, S: length, W, V, query: normals(B * length * H * W, 1), key: normals(B * length * G * W, 2), value: normals(B * length * G * V, 3), dout: normals(B * length * H * V, 4), documents: [...documents, ...documents.map((d) => -d)], prefix: [prefix, 1] };
    compare(x, attributes);
    compare({ ...x, bias: normals(H * length * length, 5), real: Array.from({ length: B * length }, (_b, i) => (i % 3 === 1 ? 0 : 1)) }, attributes);
  });
});

test("a mask's class and its predicate agree at an offset", () => {
  for (const text of ["causal", "prefix", "window(3)", "causal & window(3)", "causal & ((query - key) mod 3 == 0)", "full"]) {
    const [T, S, offset] = [3, 11, 5];
    const mask = readMask(text);
    const x = { B: 1, T, S, W: 2, V: 2, query: normals(T * 2, 1), key: normals(S * 2, 2), value: normals(S * 2, 3), dout: normals(T * 2, 4), offset, prefix: [7] };
    const { out } = naiveAttention(x, { ...options, mask });
    const [actual] = evaluateOp("attention", { query: { shape: [1, T, 2], values: x.query }, key: { shape: [1, S, 2], values: x.key }, value: { shape: [1, S, 2], values: x.value }, offset: int([], offset), prefix: int([1], 7) }, { ...options, mask });
    expectClose(actual, out, 1e-12, text);
  }
});
