// moe(experts, hidden, activation): each token goes through its most probable experts, each an mlp, and their results are added
// by probability (Shazeer et al. 2017); softmax over all experts, the top k renormalised (Jiang et al. 2024, Mixtral).
// N tokens, D width, E experts, K choices of a token, P pairs (token, expert) in the order of the experts, H hidden.

import { topExperts } from "../../grammar/diagnostics/PT4020-top-experts.ts";
import { sizeOf, type ValueId } from "../graph/node.ts";
import { groupedLinear } from "../ops/grouped_linear.ts";
import { activationOf } from "./_gated.ts";
import { biasOf, defineLayer, initialized, isOn, matrix, numberIn, type LayerArguments, type LayerContext, type LayerInput, type WeightSpec } from "./define.ts";

export const moe = defineLayer({
  word: "moe",
  doc: "A mixture of experts: a router sends each position to a few of many mlps and adds their results by probability.",
  role: "stream",
  parameters: {
    experts: { type: { type: "integer", minimum: 1, maximum: 4_096 }, doc: "how many mlps there are", positional: true, required: true },
    hidden: { type: { type: "integer", minimum: 1 }, doc: "features between an expert's products", positional: true, required: true },
    activation: { type: { type: "word", registry: "activation" }, doc: "of each expert", positional: true, required: true },
    top: { type: { type: "integer", minimum: 1 }, doc: "experts that a position goes to: the most probable, their probabilities scaled to sum to 1 (with 1 the router learns from `load_balancing` alone)", default: "2" },
    gated: { type: { type: "switch" }, doc: "multiply by a second product in each expert", default: "on" },
    bias: { type: { type: "switch" }, doc: "biases of the experts' products", default: "off" },
    ...initialized,
    load_balancing: { type: { type: "number", minimum: 0 }, doc: "coefficient of the loss that keeps experts equally busy, pooled over layers and real tokens of the whole batch; one that is split is passed through twice, first for the choices of all its tokens", default: "0" },
    capacity: { type: { type: "any", of: [{ type: "switch", only: "off" }, { type: "number", minimum: 0, exclusive: true }] }, doc: "an expert takes at most this times its even share of a batch's choices (rounded up), in the order of the tokens; the rest are dropped, and the batch is never split", default: "off" },
  },
  check: (args, _, report) => {
    const [top, experts] = [numberIn(args, "top"), numberIn(args, "experts")];
    if (top > experts) report(topExperts, { top, experts }, "top");
  },
  width: (_, input) => input.width,
  weights: (args, input) => {
    const experts = Array.from({ length: numberIn(args, "experts") }, (_, e) => Object.entries(expertWeights(args, input)).map(([leaf, weight]): [string, WeightSpec] => [`experts.${e}.${leaf}`, weight]));
    return { "router.weight": matrix(numberIn(args, "experts"), input.width), ...Object.fromEntries(experts.flat()) };
  },
  idle: (args, input) => (numberIn(args, "experts") - numberIn(args, "top")) * Object.values(expertWeights(args, input)).reduce((sum, weight) => sum + sizeOf(weight.shape), 0),
  couples: (args) => isOn(args, "capacity"),
  build: (c, x, args, w) => {
    const { b } = c;
    const { shape } = b.info(x!);
    const tokens = sizeOf(shape.slice(0, -1));
    const [experts, top, coefficient] = ["experts", "top", "load_balancing"].map((name) => numberIn(args, name));
    const x_ND = b.reshape(x!, { shape: [tokens, shape.at(-1)!] });
    const real_N = realOf(c, tokens);
    const probabilities_NE = b.softmax(b.linear(x_ND, w["router.weight"], null));
    const capacity = isOn(args, "capacity") ? Math.ceil((numberIn(args, "capacity") * top * tokens) / experts) : null;
    const [choice_NK, order_P, offsets] = b.route(probabilities_NE, capacity === null ? null : real_N, { top, capacity });
    if (coefficient > 0) c.note({ kind: "load_balancing", coefficient, values: { probabilities: probabilities_NE, choice: choice_NK, real: real_N } });

    const { activation, gated } = activationOf(args);
    const each = (leaf: string): ValueId[] => Array.from({ length: experts }, (_, e) => w[`experts.${e}.${leaf}`]).filter((weight) => weight !== undefined);
    const project = (name: string, rows: ValueId): ValueId => {
      const product = groupedLinear(b, rows, offsets, each(`${name}.weight`), { first: 0, transposed: true });
      const biases = each(`${name}.bias`);
      if (!biases.length) return product;
      // An expert's bias in each of its rows: the product of a column of ones with the bias as a matrix [out, 1].
      const ones = b.constant({ shape: [b.info(rows).shape[0], 1], value: 1 });
      return b.add(product, groupedLinear(b, ones, offsets, biases.map((bias) => b.reshape(bias, { shape: [b.info(bias).shape[0], 1] })), { first: 0, transposed: true }));
    };
    const x_PD = b.gather_pairs(x_ND, order_P, null, { top });
    const active_PH = gated ? b.multiply(b.activate(project("gate", x_PD), { activation }), project("up", x_PD)) : b.activate(project("up", x_PD), { activation });
    const y_ND = b.combine_pairs(project("down", active_PH), order_P, b.choice_weights(probabilities_NE, choice_NK), { tokens, top });
    return b.reshape(y_ND, { shape });
  },
});

/** The weights of one expert. */
function expertWeights(args: LayerArguments, { width }: LayerInput): Record<string, WeightSpec> {
  const hidden = numberIn(args, "hidden");
  const pair = (name: string, out: number, from: number) => ({ [`${name}.weight`]: matrix(out, from), ...(isOn(args, "bias") ? { [`${name}.bias`]: biasOf(out) } : {}) });
  return { ...(activationOf(args).gated ? pair("gate", hidden, width) : {}), ...pair("up", hidden, width), ...pair("down", width, hidden) };
}

/** Which of the tokens are real, int32 [N]; null where all are, or where the rows are not those of the batch: pooled, or one at a time with a cache. */
function realOf({ b, real }: LayerContext, tokens: number): ValueId | null {
  return real !== null && sizeOf(b.info(real).shape) === tokens ? b.reshape(real, { shape: [tokens] }) : null;
}
