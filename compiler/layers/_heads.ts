// What attention within a stream and across stacks share: heads, their widths, and the weights of the four products.

import { headsWidth } from "../../grammar/diagnostics/PT4002-heads-width.ts";
import { kvHeads } from "../../grammar/diagnostics/PT4003-kv-heads.ts";
import type { Fields } from "../../grammar/fields.ts";
import { biasOf, initialized, isOn, matrix, numberIn, type LayerArguments, type LayerInput, type Report, type WeightSpec } from "./define.ts";

export const headParameters = {
  kv_heads: { type: { type: "integer", minimum: 1 }, doc: "key/value heads, shared by groups of query heads", default: "heads" },
  head_width: { type: { type: "integer", minimum: 1 }, doc: "features of a head", default: "width / heads" },
} as const satisfies Fields;

export const productParameters = {
  scale: { type: { type: "number" }, doc: "factor of the scores; where it is larger, queries begin smaller by as much, so that scores begin alike (not with `qk_norm` or an `initializer`)", default: "head_width ^ -0.5" },
  bias: { type: { type: "switch" }, doc: "biases of all four products", default: "on" },
  qkv_bias: { type: { type: "switch" }, doc: "biases of query, key and value", default: "bias" },
  ...initialized,
  dropout: { type: { type: "rate" }, doc: "of the attention weights, in training", default: "0" },
} as const satisfies Fields;

export function checkHeads(args: LayerArguments, input: LayerInput, report: Report): void {
  const [heads, kv_heads] = [numberIn(args, "heads"), numberIn(args, "kv_heads")];
  if (heads % kv_heads) report(kvHeads, { heads, kv_heads }, "kv_heads");
  if (!Number.isInteger(numberIn(args, "head_width"))) report(headsWidth, { heads, width: input.width }, "heads");
}

/** Queries come from `width` features, keys and values from `memory` of them. */
export function productWeights(args: LayerArguments, width: number, memory: number): { readonly [leaf: string]: WeightSpec } {
  const inner = numberIn(args, "heads") * numberIn(args, "head_width");
  const shared = numberIn(args, "kv_heads") * numberIn(args, "head_width");
  const linear = (name: string, out: number, from: number, bias: string) => ({ [`${name}.weight`]: matrix(out, from), ...(isOn(args, bias) ? { [`${name}.bias`]: biasOf(out) } : {}) });
  const products = { ...linear("query", inner, width, "qkv_bias"), ...linear("key", shared, memory, "qkv_bias"), ...linear("value", shared, memory, "qkv_bias"), ...linear("output", width, inner, "bias") };
  return { ...products, "query.weight": isOn(args, "qk_norm") ? products["query.weight"] : smaller(products["query.weight"], Math.abs(numberIn(args, "scale")) * Math.sqrt(numberIn(args, "head_width"))) };
}

/**
 * Scores that are not divided by √(head width) are larger by as much, and attention begins so sharp that it hardly learns: T5 leaves them
 * undivided and divides what queries begin with (`T5Attention` of transformers). With `qk_norm` the size of the weights does not matter.
 * The slack is for √w · w^-0.5, which need not be 1 to the last bit.
 */
function smaller(weight: WeightSpec, excess: number): WeightSpec {
  if (!(excess > 1 + 1e-9)) return weight;
  return { ...weight, initializer: { word: "normal", arguments: { deviation: (weight.initializer.arguments["deviation"] as number) / excess } } };
}
