// Losses that layers bring beside the objective's: the balance of experts.
// N tokens of a layer, E experts, K choices of a token.

import type { Builder } from "./graph/builder-types.ts";
import type { ValueId } from "./graph/node.ts";
import type { BalanceValues, Note } from "./layers/define.ts";
import type { Forward } from "./phases/3-build.ts";

/** `loss`, a scalar, plus what the layers built so far add to it; `split` as in `auxiliaryLoss`. */
export function withAuxiliary(pass: Forward, loss: ValueId, split = false): ValueId {
  const auxiliary = auxiliaryLoss(pass, split);
  return auxiliary === null ? loss : pass.b.at("loss", () => pass.b.add(loss, auxiliary));
}

/** Notes whose losses are one: of one kind, coefficient, number of experts and of choices. */
function poolsOf({ b, notes }: Forward): Note[][] {
  const pools = new Map<string, Note[]>();
  for (const note of notes) {
    const { probabilities, choice } = note.values;
    const key = [note.kind, note.coefficient, b.info(probabilities).shape[1], b.info(choice).shape[1]].join(" ");
    pools.set(key, [...(pools.get(key) ?? []), note]);
  }
  return [...pools.values()];
}

/** Where the choices of the whole batch stand among the inputs of a train graph and the outputs of its statistics. */
const choicesName = (pool: number): string => `balance:${pool}.choices`;

/**
 * The sum of the layers' own losses times their coefficients, a scalar; null when there are none. Call it after the heads are built.
 * `split`: of a micro-batch, whose choices are only some of the batch's: those of all of it are inputs `balance:N.choices`.
 */
export function auxiliaryLoss(pass: Forward, split = false): ValueId | null {
  const { b } = pass;
  const losses = poolsOf(pass).map((pool, i) => b.at("loss", () => {
    const layers = pool.map((note) => note.values);
    const [, experts] = b.info(layers[0].probabilities).shape;
    const counts = split ? b.input(choicesName(i), { shape: [experts], dtype: "float32" }) : choicesOf(b, layers);
    return b.scale(imbalance(b, layers, counts), { factor: pool[0].coefficient });
  }));
  return losses.length ? losses.reduce((sum, loss) => b.at("loss", () => b.add(sum, loss))) : null;
}

/** Outputs `balance:N.choices` of a micro-batch; whether there are any. */
export function balanceStatistics(pass: Forward): boolean {
  const pools = poolsOf(pass);
  pools.forEach((pool, i) => pass.b.output(choicesName(i), pass.b.at("loss", () => choicesOf(pass.b, pool.map((note) => note.values)))));
  return pools.length > 0;
}

const total = (b: Builder, values: readonly ValueId[]): ValueId => values.reduce((left, right) => b.add(left, right));

/** Choices of each expert by real tokens of all these layers, [E]. */
function choicesOf(b: Builder, layers: readonly BalanceValues[]): ValueId {
  const [, experts] = b.info(layers[0].probabilities).shape;
  return total(b, layers.map(({ choice, real }) => b.choice_counts(choice, real, { experts })));
}

/**
 * E · Σ_{k,e} f[k, e] · P[e] over the real tokens of all layers together (Fedus et al. 2021, Switch, section 2.2, as Mixtral has it): f the
 * share of tokens whose k-th choice is e, P the mean probability of e. With c[e] the choices of e and p[e] the sum of its
 * probabilities over n tokens, n = Σ c / K, it is E · Σ_e c[e] p[e] / n². K where all are equally busy. Counts carry no gradient and p is a
 * sum over tokens, so with c of the whole batch the micro-batches' losses and gradients add up to the batch's, exactly.
 */
function imbalance(b: Builder, layers: readonly BalanceValues[], counts_E: ValueId): ValueId {
  const [, experts] = b.info(layers[0].probabilities).shape;
  const [, top] = b.info(layers[0].choice).shape;
  const masses_E = total(b, layers.map(({ probabilities, real }) => mass(b, probabilities, real)));
  const tokens = b.scale(b.sum_to(counts_E, { shape: [] }), { factor: 1 / top });
  const products = b.sum_to(b.multiply(b.divide(masses_E, tokens), b.divide(counts_E, tokens)), { shape: [] });
  return b.scale(products, { factor: experts });
}

/** Probabilities [N, E] summed over real tokens: [E]. */
function mass(b: Builder, probabilities_NE: ValueId, real_N: ValueId | null): ValueId {
  const [, experts] = b.info(probabilities_NE).shape;
  if (real_N === null) return b.sum_to(probabilities_NE, { shape: [experts] });
  const probabilities_EN = b.transpose(probabilities_NE, { permutation: [1, 0] });
  return b.reshape(b.sum_to(b.multiply(probabilities_EN, b.cast_float(real_N)), { shape: [experts, 1] }), { shape: [experts] });
}
