// Attention and its gradient under the masks of the goldens and under random ones, on the oracle and on every backend, against
// a softmax over the whole matrix. A failure prints fast-check's seed; `PT_FUZZ` sets how many random cases.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBuilder, opOf } from "../../compiler/graph/builder.ts";
import { evaluateGraph } from "../../compiler/graph/evaluate.ts";
import type { Graph } from "../../compiler/graph/node.ts";
import type { AttentionOptions } from "../../compiler/ops/_attention.ts";
import { fillKeep } from "../../compiler/ops/_keep.ts";
import { backends } from "../../runtime/backends/index.ts";
import type { BackendDefinition } from "../../runtime/backends/define.ts";
import { openSession } from "../../runtime/session.ts";
import { compileMask, randomMask, type Pair } from "../harness/random-mask.ts";
import { normals } from "../harness/random.ts";
import { naiveAttention, type NaiveInputs } from "../ops/naive-attention.ts";

interface Case {
  readonly text: string; readonly sees?: (at: Pair) => boolean;
  readonly B: number; readonly T: number; readonly S: number; readonly heads: readonly [H: number, G: number]; readonly W: number; readonly V: number;
  readonly offset: number; readonly prefix: readonly number[]; readonly cut: number;
  readonly bias: boolean; readonly padding: boolean; readonly documents: boolean; readonly dropout: number; readonly softcap: number;
}

type Feeds = Map<string, Int32Array | Float64Array>;
interface Question { readonly graph: Graph; readonly feeds: Feeds; readonly expected: ReadonlyMap<string, Float64Array>; readonly terms: { readonly [output: string]: number } }

/** One graph of attention and one of its gradient, with what they must give. */
function questions(one: Case): Question[] {
  const { text, B, T, S, heads: [H, G], W, V, dropout, softcap } = one;
  const draw = (count: number, seed: number): Float64Array => normals(count, seed, text).map(Math.fround);
  const random = Int32Array.of(3, -7, 2, 5);
  const keep = new Float64Array(B * H * T * S);
  if (dropout) for (let b = 0; b < B; b++) fillKeep(keep.subarray(b * H * T * S), H * T * S, 0, b, random, dropout, 21);
  const documentOf = (i: number): number => Math.floor(i / one.cut) % 3;
  const x: NaiveInputs = {
    B, T, S, W, V, query: draw(B * T * H * W, 1), key: draw(B * S * G * W, 2), value: draw(B * S * G * V, 3), dout: draw(B * T * H * V, 4), offset: one.offset, prefix: one.prefix,
    ...(one.bias ? { bias: draw(H * T * S, 5) } : {}),
    ...(one.padding ? { real: Array.from({ length: B * S }, (_, i) => (i % S < one.cut || i % 5 ? 1 : 0) * (i < S || i % 2 ? 1 : 0)) } : {}),
    ...(one.documents ? { documents: Array.from({ length: B * T }, (_, i) => documentOf((i % T) + Math.floor(i / T))), key_documents: Array.from({ length: B * S }, (_, i) => documentOf(i % S)) } : {}),
    ...(dropout ? { keep: (b: number, i: number) => keep[b * H * T * S + i] } : {}),
    ...(one.sees ? { sees: one.sees } : {}),
  };
  const attributes: AttentionOptions = { heads: H, kv_heads: G, scale: 0.6, mask: compileMask(text), dropout, site: 21, ...(softcap ? { softcap } : {}) };
  const { terms, ...found } = naiveAttention(x, attributes);
  const shapes: Record<string, number[]> = { query: [B, T, H * W], key: [B, S, G * W], value: [B, S, G * V], out: [B, T, H * V], log_sum: [B, H, T], dout: [B, T, H * V], bias: [H, T, S], real: [B, S], documents: [B, T], key_documents: [B, S], prefix: [B], offset: [], random: [4] };
  const given: Record<string, ArrayLike<number> | undefined> = { ...x as unknown as Record<string, ArrayLike<number>>, ...found, offset: [one.offset], random: dropout ? random : undefined };
  return (["attention", "attention_gradient"] as const).map((op) => {
    const b = createBuilder();
    const feeds: Feeds = new Map();
    const definition = opOf(op);
    const ids = definition.inputs.map((declared) => {
      const name = declared.replace("?", "");
      const values = given[name];
      if (!values) return null;
      const whole = ["real", "documents", "key_documents", "prefix", "offset", "random"].includes(name);
      feeds.set(name, whole ? Int32Array.from(values) : Float64Array.from(values));
      return b.input(name, { shape: shapes[name], dtype: whole ? "int32" : "float32" });
    });
    const outputs = b.add_node(op, ids, attributes as never);
    const expected = new Map<string, Float64Array>();
    outputs.forEach((value, k) => {
      if (definition.outputs[k] === "dbias" && !x.bias) return;
      b.output(definition.outputs[k], value);
      expected.set(definition.outputs[k], found[definition.outputs[k] as keyof typeof found]);
    });
    return { graph: b.finish(), feeds, expected, terms };
  });
}

/** The places where an answer is not the expected one; NaN never is. `terms`: the size of what was added up. */
function wrongIn(actual: ArrayLike<number>, expected: Float64Array, terms: number, tolerance: number, name: string): string[] {
  return [...expected].flatMap((value, i) => (Math.abs(actual[i] - value) <= tolerance * terms ? [] : [`${name}[${i}]: ${actual[i]} instead of ${value}`])).slice(0, 3);
}

type Answer = (question: Question) => Promise<readonly (readonly [string, ArrayLike<number>])[]>;
const answers: Record<string, { readonly tolerance: number; readonly open: () => Promise<Answer | string> }> = {
  oracle: {
    tolerance: 1e-12,
    open: async () => async ({ graph, feeds }) => [...evaluateGraph(graph, feeds)],
  },
  ...Object.fromEntries([...Object.values(backends as Record<string, BackendDefinition>).map((backend) => ({ backend, kernels: "own" as const })), { backend: backends.cpu, kernels: "plain" as const }].map(({ backend, kernels }) => [`${backend.word}, ${kernels} kernels`, {
    tolerance: backend.tolerance,
    open: async (): Promise<Answer | string> => {
      const reason = await backend.available();
      if (reason !== null) return reason;
      const session = await openSession(backend.word, { kernels });
      return async ({ graph, feeds }) => {
        const results = session.program(graph).run(new Map([...feeds].map(([name, data]) => [name, data instanceof Int32Array ? data : Float32Array.from(data)])));
        const read = await Promise.all([...results].map(async ([name, handle]) => [name, await session.read(handle)] as const));
        session.dispose(results.values());
        return read;
      };
    },
  }])),
};

async function check(answer: Answer, tolerance: number, one: Case): Promise<void> {
  for (const question of questions(one)) {
    const wrong = (await answer(question)).flatMap(([name, values]) => wrongIn(values, question.expected.get(name)!, question.terms[name], tolerance, name));
    expect(wrong).toEqual([]);
  }
}

const plain = { B: 2, heads: [2, 1], W: 3, V: 2, offset: 0, cut: 4, bias: false, padding: false, documents: false, dropout: 0, softcap: 0 } as const;
const file = join(process.env.PT_GOLDENS ?? join(import.meta.dirname, "../../../shared/goldens"), "objectives/masks.json");
const texts = existsSync(file) ? [...new Set((JSON.parse(readFileSync(file, "utf8")) as { cases: { mask: string }[] }).cases.map(({ mask }) => mask))] : ["full", "causal", "prefix", "window(3)", "global(2)", "causal & document"];

/** Long enough for several strips of every kernel, and for ranges with gaps between them. */
const long: Record<string, Case> = {
  "window and global tokens": { ...plain, text: "window(5) | key < 2 | query < 1", T: 150, S: 150, prefix: [0, 0] },
  "dilated, padded, with dropout": { ...plain, text: "causal & (query - key < 4 | query - key >= 70 & query - key < 75)", T: 131, S: 131, prefix: [0, 0], padding: true, dropout: 0.2 },
  "blocks, grouped heads, bias": { ...plain, text: "(query - query mod 16 == key - key mod 16) | key mod 64 == 0", T: 100, S: 140, offset: 40, heads: [4, 2], prefix: [0, 0], bias: true },
  "prefixes of each example and a window": { ...plain, text: "prefix & (query - key < 6 | key < 3)", T: 90, S: 90, prefix: [70, 2], documents: true },
  "nobody sees anything": { ...plain, text: "causal & query < key", T: 40, S: 40, prefix: [0, 0], bias: true },
  "strictly causal": { ...plain, text: "key < query", T: 70, S: 70, prefix: [0, 0], dropout: 0.5 },
  "softcap under holes": { ...plain, text: "window(3) | key < 1", T: 80, S: 80, prefix: [0, 0], softcap: 1.5, bias: true },
};

const cases: fc.Arbitrary<Case> = fc
  .record({
    mask: randomMask(), B: fc.constantFrom(1, 2), T: fc.integer({ min: 1, max: 45 }), extra: fc.constantFrom(0, 0, 1, 13, 40), heads: fc.constantFrom([1, 1] as const, [2, 1] as const, [4, 2] as const), W: fc.integer({ min: 1, max: 9 }), V: fc.integer({ min: 1, max: 9 }),
    offset: fc.constantFrom(0, 0, 5), prefix: fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 })), cut: fc.integer({ min: 1, max: 20 }),
    bias: fc.boolean(), padding: fc.boolean(), documents: fc.boolean(), dropout: fc.constantFrom(0, 0, 0.3), softcap: fc.constantFrom(0, 0, 2),
  })
  .map(({ mask, extra, prefix, ...rest }) => ({ ...rest, text: mask.text, sees: mask.of, S: rest.T + extra, prefix: prefix.slice(0, rest.B) }));

for (const [word, { tolerance, open }] of Object.entries(answers)) {
  describe(`attention on ${word}`, async () => {
    const answer = await open();
    const skipped = typeof answer === "string";
    const run = skipped ? null : answer;
    test.skipIf(skipped)("under the masks of the goldens, alone and with everything", async () => {
      for (const text of texts) {
        await check(run!, tolerance, { ...plain, text, T: 19, S: 19, prefix: [11, 3] });
        await check(run!, tolerance, { ...plain, text, T: 9, S: 21, offset: 7, prefix: [4, 30], heads: [4, 2], bias: true, padding: true, documents: true, dropout: 0.25, softcap: 3 });
      }
    });
    for (const [title, one] of Object.entries(long)) test.skipIf(skipped)(title, () => check(run!, tolerance, one));
    test.skipIf(skipped)("under random masks", () => fc.assert(fc.asyncProperty(cases, (one) => check(run!, tolerance, one)), { numRuns: Number(process.env["PT_FUZZ"] ?? 60) }));
  });
}
