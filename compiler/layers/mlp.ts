// mlp(hidden, activation): down(act(up x)), or gated down(act(gate x) · up x) (Shazeer 2020).

import { wordOf } from "../random.ts";
import { activationOf } from "./_gated.ts";
import { biasOf, defineLayer, initialized, isOn, matrix, numberIn, siteOf } from "./define.ts";

export const mlp = defineLayer({
  word: "mlp",
  doc: "Two products with an activation between them, on each position alone; gated: the activation multiplies a third product.",
  role: "stream",
  parameters: {
    hidden: { type: { type: "integer", minimum: 1 }, doc: "features between the products", positional: true, required: true },
    activation: { type: { type: "word", registry: "activation" }, doc: "`swiglu`, `geglu` and `reglu` are `silu`, `gelu` and `relu` with `gated: on`", positional: true, required: true },
    gated: { type: { type: "switch" }, doc: "multiply by a second product", default: "off" },
    bias: { type: { type: "switch" }, doc: "biases of the products", default: "on" },
    ...initialized,
    dropout: { type: { type: "rate" }, doc: "after the activation, in training", default: "0" },
  },
  width: (_, input) => input.width,
  weights: (args, input) => {
    const hidden = numberIn(args, "hidden");
    const pair = (name: string, out: number, from: number) => ({ [`${name}.weight`]: matrix(out, from), ...(isOn(args, "bias") ? { [`${name}.bias`]: biasOf(out) } : {}) });
    return { ...(activationOf(args).gated ? pair("gate", hidden, input.width) : {}), ...pair("up", hidden, input.width), ...pair("down", input.width, hidden) };
  },
  build: (c, x, args, w) => {
    const { b } = c;
    const { activation, gated } = activationOf(args);
    const project = (name: string) => b.linear(x!, w[`${name}.weight`], w[`${name}.bias`] ?? null);
    const active = gated ? b.multiply(b.activate(project("gate"), { activation }), project("up")) : b.activate(project("up"), { activation });
    const rate = numberIn(args, "dropout");
    const kept = rate && c.random !== null ? b.dropout(active, c.random, { rate, site: siteOf(wordOf(`${c.path} dropout`)) }) : active;
    return b.linear(kept, w["down.weight"], w["down.bias"] ?? null);
  },
});
