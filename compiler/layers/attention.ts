// attention(heads): softmax(scale · q kᵀ + mask) v over the positions of the stream, with grouped key/value heads (Ainslie et al. 2023).

import { maskHidesAll } from "../../grammar/diagnostics/PT4030-mask-hides-all.ts";
import { blindQuery } from "../../grammar/diagnostics/PT4031-blind-query.ts";
import { dependence } from "../graph/mask.ts";
import { blindQueries } from "../graph/mask-blind.ts";
import type { ValueId } from "../graph/node.ts";
import type { Call } from "../plan/schema.ts";
import type { PositionDefinition } from "../positions/define.ts";
import { positions } from "../positions/index.ts";
import { wordOf } from "../random.ts";
import { maskText } from "../value-text.ts";
import { checkHeads, headParameters, productParameters, productWeights } from "./_heads.ts";
import { callIn, defineLayer, gain, isOn, maskIn, numberIn, siteOf } from "./define.ts";

export const attention = defineLayer({
  word: "attention",
  doc: "Each position gathers values from the positions that its mask allows, weighted by how well their keys match its query.",
  role: "stream",
  parameters: {
    heads: { type: { type: "integer", minimum: 1 }, doc: "query heads", positional: true, required: true },
    mask: { type: { type: "mask" }, doc: "which keys a query may attend to", required: true },
    ...headParameters,
    positions: { type: { type: "any", of: [{ type: "switch", only: "off" }, { type: "word", registry: "position" }] }, doc: "a position scheme inside attention", default: "off" },
    ...productParameters,
    softcap: { type: { type: "any", of: [{ type: "switch", only: "off" }, { type: "number", minimum: 0, exclusive: true }] }, doc: "bounds the scores smoothly: cap * tanh(score / cap)", default: "off" },
    qk_norm: { type: { type: "switch" }, doc: "an rmsnorm over each head of queries and of keys", default: "off" },
  },
  check: (args, input, report) => {
    checkHeads(args, input, report);
    const mask = maskIn(args, "mask");
    const blind = blindQueries(mask);
    if (blind === "all") report(maskHidesAll, { mask: maskText(mask) }, "mask");
    else if (blind) report(blindQuery, { mask: maskText(mask), query: blind.first }, "mask");
    const scheme = callIn(args, "positions");
    if (scheme) definitionOf(scheme).check?.(scheme.arguments, { heads: numberIn(args, "heads"), headWidth: numberIn(args, "head_width") }, report);
  },
  width: (_, input) => input.width,
  weights: (args, input) => ({
    ...productWeights(args, input.width, input.width),
    ...(isOn(args, "qk_norm") ? { "query_norm.weight": gain(numberIn(args, "head_width")), "key_norm.weight": gain(numberIn(args, "head_width")) } : {}),
  }),
  build: (c, x, args, w) => {
    const { b } = c;
    const heads = numberIn(args, "heads");
    const kv_heads = numberIn(args, "kv_heads");
    const project = (name: string) => b.linear(x!, w[`${name}.weight`], w[`${name}.bias`] ?? null);
    const scheme = c.scheme();
    const normed = (name: string, count: number): ValueId => {
      const y = project(name);
      const weight = w[`${name}_norm.weight`];
      if (weight === undefined) return y;
      const { shape } = b.info(y);
      return b.reshape(b.rmsnorm(b.reshape(y, { shape: [...shape.slice(0, 2), count, numberIn(args, "head_width")] }), weight, { eps: 1e-6, offset: 0 })[0], { shape });
    };
    const query_BTHW = scheme.turn(normed("query", heads), heads);
    const key_BTGW = scheme.turn(normed("key", kv_heads), kv_heads);
    const key_BSGW = c.cache("key", key_BTGW);
    const value_BSGW = c.cache("value", project("value"));
    const written = maskIn(args, "mask");
    const mask = c.documents === null ? written : ({ kind: "and", left: written, right: { kind: "document" } } as const);
    const dropout = c.random === null ? 0 : numberIn(args, "dropout");
    const softcap = isOn(args, "softcap") ? { softcap: numberIn(args, "softcap") } : {};
    const [out_BTHW] = b.attention(query_BTHW, key_BSGW, value_BSGW, scheme.bias, c.real, c.documents, null, dependence(mask).prefix ? c.prefix() : null, c.offset, dropout ? c.random : null, {
      heads,
      kv_heads,
      scale: numberIn(args, "scale"),
      mask,
      dropout,
      site: siteOf(wordOf(`${c.path} attention`)),
      ...softcap,
    });
    return b.linear(out_BTHW, w["output.weight"], w["output.bias"] ?? null);
  },
});

const definitionOf = ({ word }: Call): PositionDefinition => (positions as Readonly<Record<string, PositionDefinition>>)[word];
