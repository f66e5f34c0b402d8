// The losses of a run as graph nodes: for each head, over the positions that carry loss and no others.
// B batch, T positions of the head's stack, K of them with loss, D width, V vocabulary or classes.

import { withAuxiliary } from "./auxiliary.ts";
import type { Graph, ValueId } from "./graph/node.ts";
import type { Layout, LayoutLoss } from "./layout.ts";
import type { Forward } from "./phases/3-build.ts";

export interface LossSum { readonly loss: LayoutLoss; /** Sum of the losses of all counting targets. */ readonly sum: ValueId }

/** The sum of each head's losses, from inputs `HEAD.targets`, `HEAD.weights` and, where only some positions count, `HEAD.places`. */
export function lossSums(pass: Forward, { losses }: Layout): LossSum[] {
  return losses.map((loss) => ({ loss, sum: loss.kind === "contrastive" ? contrastive(pass, loss) : crossEntropy(pass, loss) }));
}

function crossEntropy(pass: Forward, { head, kind, places }: LayoutLoss): ValueId {
  const { b, options: { batch } } = pass;
  const input = (name: string, shape: number[], dtype: "int32" | "float32"): ValueId => b.input(`${head.name}.${name}`, { shape, dtype });
  const x_BTD = pass.stream(head.stack);
  const length = b.info(x_BTD).shape[1];
  // The head sees only the rows that carry loss.
  const logits = places === null || kind === "class" ? pass.head(head, x_BTD) : pass.head(head, b.at(head.name, () => b.take(x_BTD, input("places", [batch, places], "int32"))));
  const shape = kind === "class" ? [batch] : [batch, places ?? length];
  return b.at("loss", () => b.cross_entropy(logits, input("targets", shape, "int32"), input("weights", shape, "float32"))[0]);
}

/** Each text against all images and each image against all texts, half of each (Radford et al. 2021). */
function contrastive(pass: Forward, { head }: LayoutLoss): ValueId {
  const { b, options: { batch } } = pass;
  const scores_BB = pass.head(head);
  const targets = b.input(`${head.name}.targets`, { shape: [batch], dtype: "int32" });
  const weights = b.input(`${head.name}.weights`, { shape: [batch], dtype: "float32" });
  return b.at("loss", () => {
    const across = b.cross_entropy(scores_BB, targets, weights)[0];
    const down = b.cross_entropy(b.transpose(scores_BB, { permutation: [1, 0] }), targets, weights)[0];
    return b.scale(b.add(across, down), { factor: 0.5 });
  });
}

/** The weighted sum of the means and the layers' own losses, from inputs `HEAD.count`; outputs `loss` and, where there are several, `loss:HEAD`. */
export function totalLoss(pass: Forward, layout: Layout): ValueId {
  const { b } = pass;
  const means = lossSums(pass, layout).map(({ loss, sum }) => ({ loss, mean: b.at("loss", () => b.divide(sum, b.input(`${loss.head.name}.count`, { shape: [], dtype: "float32" }))) }));
  if (means.length > 1) for (const { loss, mean } of means) b.output(`loss:${loss.head.name}`, mean);
  const terms = means.map(({ loss, mean }) => (loss.weight === 1 ? mean : b.at("loss", () => b.scale(mean, { factor: loss.weight }))));
  const total = withAuxiliary(pass, terms.reduce((left, right) => b.at("loss", () => b.add(left, right))));
  b.output("loss", total);
  return total;
}

/** Names of a train graph's losses by head, in the order of its outputs. */
export function lossOutputs(graph: Graph): string[] {
  return Object.keys(graph.outputs).filter((name) => name.startsWith("loss:"));
}
