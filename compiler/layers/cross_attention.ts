// cross_attention(stack, heads): queries of this stream, keys and values of another stack's result (Vaswani et al. 2017).

import type { ValueId } from "../graph/node.ts";
import { wordOf } from "../random.ts";
import { checkHeads, headParameters, productParameters, productWeights } from "./_heads.ts";
import { defineLayer, numberIn, siteOf } from "./define.ts";

export const cross_attention = defineLayer({
  word: "cross_attention",
  doc: "Each position gathers values from all real positions of another stack's result.",
  role: "stream",
  parameters: {
    stack: { type: { type: "stack" }, doc: "the stack that is read", positional: true, required: true },
    heads: { type: { type: "integer", minimum: 1 }, doc: "query heads", positional: true, required: true },
    ...headParameters,
    ...productParameters,
  },
  check: checkHeads,
  width: (_, input) => input.width,
  weights: (args, input) => productWeights(args, input.width, input.parts?.stack.width ?? input.width),
  build: (c, x, args, w) => {
    const { b } = c;
    const heads = numberIn(args, "heads");
    const kv_heads = numberIn(args, "kv_heads");
    const memory = c.memory("stack");
    const project = (name: string, rows: ValueId) => b.linear(rows, w[`${name}.weight`], w[`${name}.bias`] ?? null);
    const shared = kv_heads * numberIn(args, "head_width");
    const query_BTHW = project("query", x!);
    const key_BSGW = c.keep("key", shared, () => project("key", memory.x));
    const value_BSGW = c.keep("value", shared, () => project("value", memory.x));
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
