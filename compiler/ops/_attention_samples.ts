// Samples of attention and of its gradient: masks of every class, padding, documents, shared key/value heads, a cache, dropout.

import { and, compare, key, minus, number, or, query, type MaskExpression } from "../masks/define.ts";
import { masks } from "../masks/index.ts";
import type { AttentionOptions } from "./_attention.ts";
import type { Sample } from "./define.ts";

type Inputs = "query" | "key" | "value" | "bias?" | "real?" | "documents?" | "key_documents?" | "prefix?" | "offset?" | "random?";
type GradientInputs = Inputs | "out" | "log_sum" | "dout";

const causal = masks.causal.predicate({});
const full = masks.full.predicate({});
const document = masks.document.predicate({});
const every2nd = compare({ kind: "arithmetic", operator: "mod", left: minus(query, key), right: number(2) }, "==", number(0));

interface Case { readonly B: number; readonly T: number; readonly S: number; readonly H: number; readonly G: number; readonly W: number; readonly V: number; readonly mask: MaskExpression; readonly dropout?: number; readonly softcap?: number; readonly bias?: true }
type Facts = Omit<Sample<Inputs, AttentionOptions>["inputs"], "query" | "key" | "value" | "bias">;
const int = (shape: readonly number[], values: readonly number[]): { shape: readonly number[]; dtype: "int32"; values: readonly number[] } => ({ shape, dtype: "int32", values });

const cases: readonly (readonly [title: string, sizes: Case, facts?: Facts])[] = [
  ["full, odd sizes", { B: 2, T: 3, S: 5, H: 2, G: 2, W: 3, V: 3, mask: full }],
  ["causal", { B: 2, T: 9, S: 9, H: 2, G: 2, W: 4, V: 4, mask: causal }],
  ["grouped heads, wider values, bias", { B: 1, T: 5, S: 5, H: 4, G: 2, W: 2, V: 3, mask: causal, bias: true }],
  ["one key/value head, one query", { B: 2, T: 1, S: 4, H: 3, G: 1, W: 2, V: 2, mask: full }],
  ["padding, a query without keys", { B: 2, T: 4, S: 4, H: 2, G: 1, W: 2, V: 2, mask: causal }, { real: int([2, 4], [1, 1, 1, 0, 0, 0, 1, 1]) }],
  ["padding, no key at all", { B: 2, T: 3, S: 3, H: 1, G: 1, W: 2, V: 2, mask: full, bias: true }, { real: int([2, 3], [1, 0, 1, 0, 0, 0]) }],
  ["window", { B: 1, T: 11, S: 11, H: 1, G: 1, W: 3, V: 2, mask: masks.window.predicate({ n: 3 }) }],
  ["causal window", { B: 1, T: 10, S: 10, H: 2, G: 2, W: 2, V: 2, mask: and(causal, compare(minus(query, key), "<", number(3))) }],
  ["strided", { B: 1, T: 9, S: 9, H: 1, G: 1, W: 2, V: 2, mask: and(causal, every2nd) }],
  ["global", { B: 1, T: 7, S: 7, H: 1, G: 1, W: 2, V: 2, mask: or(masks.window.predicate({ n: 2 }), masks.global.predicate({ n: 1 })) }],
  ["prefix", { B: 3, T: 6, S: 6, H: 1, G: 1, W: 2, V: 2, mask: masks.prefix.predicate({}) }, { prefix: int([3], [0, 4, 6]) }],
  ["documents", { B: 2, T: 6, S: 6, H: 2, G: 1, W: 2, V: 2, mask: and(causal, document) }, { documents: int([2, 6], [0, 0, 1, 1, 1, 2, 0, 0, 0, 0, 3, 3]), real: int([2, 6], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]) }],
  ["documents or neighbours", { B: 1, T: 5, S: 5, H: 1, G: 1, W: 2, V: 2, mask: or(document, masks.window.predicate({ n: 2 })) }, { documents: int([1, 5], [0, 0, 1, 1, 1]) }],
  ["documents of other keys", { B: 1, T: 2, S: 5, H: 1, G: 1, W: 2, V: 2, mask: document }, { documents: int([1, 2], [0, 1]), key_documents: int([1, 5], [0, 0, 1, 1, 2]) }],
  ["cache at an offset", { B: 2, T: 2, S: 7, H: 2, G: 1, W: 2, V: 2, mask: causal }, { offset: int([], [3]) }],
  ["dropout", { B: 2, T: 5, S: 5, H: 2, G: 1, W: 2, V: 2, mask: causal, dropout: 0.3 }, { random: int([4], [11, 0, 5, 6]) }],
  ["full, dropout and padding", { B: 1, T: 3, S: 6, H: 1, G: 1, W: 2, V: 2, mask: full, dropout: 0.5 }, { random: int([4], [-3, 9, 1, 0]), real: int([1, 6], [1, 0, 1, 1, 0, 1]) }],
  ["softcap", { B: 2, T: 5, S: 5, H: 2, G: 1, W: 3, V: 2, mask: causal, softcap: 0.8 }],
  ["softcap, bias, dropout, padding", { B: 1, T: 4, S: 6, H: 2, G: 2, W: 2, V: 3, mask: full, softcap: 2, bias: true, dropout: 0.3 }, { random: int([4], [7, 1, 2, 0]), real: int([1, 6], [1, 1, 0, 1, 1, 1]) }],
  ["far apart: keys between two ranges are skipped", { B: 1, T: 37, S: 37, H: 2, G: 1, W: 3, V: 2, mask: or(masks.window.predicate({ n: 2 }), masks.global.predicate({ n: 1 })), dropout: 0.2 }, { random: int([4], [5, 8, 1, 2]) }],
];

function options({ H, G, W, mask, dropout = 0, softcap }: Case): AttentionOptions {
  return { heads: H, kv_heads: G, scale: W ** -0.5, mask, dropout, site: 17, ...(softcap ? { softcap } : {}) };
}

export const attentionSamples: readonly Sample<Inputs, AttentionOptions>[] = cases.map(([title, sizes, facts = {}]) => {
  const { B, T, S, H, G, W, V } = sizes;
  const bias = sizes.bias ? { bias: { shape: [H, T, S] } } : {};
  return { title, inputs: { query: { shape: [B, T, H * W] }, key: { shape: [B, S, G * W] }, value: { shape: [B, S, G * V] }, ...bias, ...facts }, attributes: options(sizes) };
});

/** log_sum is drawn large enough that exp(score − log_sum) stays moderate; it need not belong to the scores. */
export const gradientSamples: readonly Sample<GradientInputs, AttentionOptions>[] = cases.map(([title, sizes], i) => {
  const { B, T, H, V } = sizes;
  return { title, inputs: { ...attentionSamples[i].inputs, out: { shape: [B, T, H * V] }, log_sum: { shape: [B, H, T], range: [1, 3] as const }, dout: { shape: [B, T, H * V] } }, attributes: options(sizes) };
});
