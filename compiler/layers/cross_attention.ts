// cross_attention(stack, heads): queries of this stream, keys and values of another stack's result (Vaswani et al. 2017).

import { headsWidth } from "../../grammar/diagnostics/PT4002-heads-width.ts";
import { kvHeads } from "../../grammar/diagnostics/PT4003-kv-heads.ts";
import { wordOf } from "../random.ts";
import { biasOf, defineLayer, isOn, matrix, numberIn, siteOf } from "./define.ts";

export const cross_attention = defineLayer({
  word: "cross_attention",
  doc: "Each position gathers values from all real positions of another stack's result.",
  role: "stream",
  parameters: {
    stack: { type: { type: "stack" }, doc: "the stack that is read", positional: true, required: true },
    heads: { type: { type: "integer", minimum: 1 }, doc: "query heads", positional: true, required: true },
    kv_heads: { type: { type: "integer", minimum: 1 }, doc: "key/value heads, shared by groups of query heads", default: "heads" },
    head_width: { type: { type: "integer", minimum: 1 }, doc: "features of a head", default: "width / heads" },
    scale: { type: { type: "number" }, doc: "factor of the scores", default: "head_width ^ -0.5" },
    bias: { type: { type: "switch" }, doc: "biases of all four products", default: "on" },
    qkv_bias: { type: { type: "switch" }, doc: "biases of query, key and value", default: "bias" },
    dropout: { type: { type: "rate" }, doc: "of the attention weights, in training", default: "0" },
  },
  check: (args, input, report) => {
    const heads = numberIn(args, "heads");
    if (heads % numberIn(args, "kv_heads")) report(kvHeads, { heads, kv_heads: numberIn(args, "kv_heads") }, "kv_heads");
    if (!Number.isInteger(numberIn(args, "head_width"))) report(headsWidth, { heads, width: input.width }, "heads");
  },
  width: (_, input) => input.width,
  weights: (args, input) => {
    const inner = numberIn(args, "heads") * numberIn(args, "head_width");
    const shared = numberIn(args, "kv_heads") * numberIn(args, "head_width");
    const from = input.parts?.stack.width ?? input.width;
    const linear = (name: string, out: number, width: number, bias: string) => ({ [`${name}.weight`]: matrix(out, width), ...(isOn(args, bias) ? { [`${name}.bias`]: biasOf(out) } : {}) });
    return { ...linear("query", inner, input.width, "qkv_bias"), ...linear("key", shared, from, "qkv_bias"), ...linear("value", shared, from, "qkv_bias"), ...linear("output", input.width, inner, "bias") };
  },
  build: (c, x, args, w) => {
    const { b } = c;
    const heads = numberIn(args, "heads");
    const kv_heads = numberIn(args, "kv_heads");
    const memory = c.memory("stack");
    const project = (name: string, rows: () => number) => b.linear(rows(), w[`${name}.weight`], w[`${name}.bias`] ?? null);
    const shared = kv_heads * numberIn(args, "head_width");
    const query_BTHW = project("query", () => x!);
    const key_BSGW = c.keep("key", shared, () => project("key", () => memory.x));
    const value_BSGW = c.keep("value", shared, () => project("value", () => memory.x));
    const dropout = c.random === null ? 0 : numberIn(args, "dropout");
    const [out_BTHW] = b.attention(query_BTHW, key_BSGW, value_BSGW, null, memory.real, c.documents, memory.documents, null, null, dropout ? c.random : null, {
      heads,
      kv_heads,
      scale: numberIn(args, "scale"),
      mask: c.documents === null ? { kind: "constant", value: true } : { kind: "document" },
      dropout,
      site: siteOf(wordOf(`${c.path} cross_attention`)),
    });
    return b.linear(out_BTHW, w["output.weight"], w["output.bias"] ?? null);
  },
});
