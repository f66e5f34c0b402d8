// The losses of a run as graph nodes: for each head, over the positions that carry loss and no others.
// B batch, T positions of the head's stack, K of them with loss, D width, V vocabulary or classes.

import { withAuxiliary } from "./auxiliary.ts";
import { contrastiveSum } from "./contrastive.ts";
import type { Graph, ValueId } from "./graph/node.ts";
import type { Layout, LayoutLoss } from "./layout.ts";
import { lessonMeans, referencePass } from "./lessons.ts";
import type { Forward } from "./phases/3-build.ts";
import { preferenceLoss, textLogProbabilities, type Answers } from "./preference.ts";
import { spanScores, squaredErrorSum } from "./task-losses.ts";

export interface LossSum {
  readonly loss: LayoutLoss;
  /** Sum of the losses of all counting targets. */
  readonly sum: ValueId;
  /** Of a head of tokens: what it says, where, and with which weights. */
  readonly rows: { readonly logits: ValueId; readonly places: ValueId | null; readonly weights: ValueId } | null;
  /** Of a head that a task asks: what it gives, for predictions. Classes [B, C], a number [B, 1], tags [B, T, C], ends of a stretch [B, 2, T]. */
  readonly scores: ValueId | null;
}

/** The sum of each head's losses, from inputs `HEAD.targets`, `HEAD.weights` and, where only some positions count, `HEAD.places`. */
export function lossSums(pass: Forward, { losses }: Layout): LossSum[] {
  return losses.map((loss) => {
    switch (loss.kind) {
      case "contrastive":
        return { loss, sum: contrastive(pass, loss), rows: null, scores: null };
      case "number":
        return squaredError(pass, loss);
      case "span":
        return span(pass, loss);
      case "preference":
        return preferred(pass, loss);
      default:
        return crossEntropy(pass, loss);
    }
  });
}

function crossEntropy(pass: Forward, loss: LayoutLoss): LossSum {
  const { head, kind } = loss;
  const { b, options: { batch } } = pass;
  const input = (name: string, shape: number[], dtype: "int32" | "float32"): ValueId => b.input(`${head.name}.${name}`, { shape, dtype });
  const x_BTD = pass.stream(head.stack);
  const length = b.info(x_BTD).shape[1];
  // The head sees only the rows that carry loss.
  const places = loss.places === null || kind === "class" ? null : input("places", [batch, loss.places], "int32");
  const logits = pass.head(head, places === null ? x_BTD : b.at(head.name, () => b.take(x_BTD, places)));
  const shape = kind === "class" ? [batch] : [batch, loss.places ?? length];
  const [targets, weights] = [input("targets", shape, "int32"), input("weights", shape, "float32")];
  const [sum] = b.at("loss", () => b.cross_entropy(logits, targets, weights));
  return { loss, sum, rows: kind === "tokens" ? { logits, places, weights } : null, scores: kind === "tokens" ? null : logits };
}

function squaredError(pass: Forward, loss: LayoutLoss): LossSum {
  const { head } = loss;
  const { b, options: { batch } } = pass;
  const input = (name: string): ValueId => b.input(`${head.name}.${name}`, { shape: [batch, 1], dtype: "float32" });
  const y_B1 = pass.head(head);
  const [targets, weights] = [input("targets"), input("weights")];
  return { loss, sum: b.at("loss", () => squaredErrorSum(b, y_B1, targets, weights)), rows: null, scores: y_B1 };
}

/** The first and the last position count one each. */
function span(pass: Forward, loss: LayoutLoss): LossSum {
  const { head } = loss;
  const { b, options: { batch } } = pass;
  const scores_B2T = b.at(head.name, () => spanScores(b, pass.head(head)));
  const targets = b.input(`${head.name}.targets`, { shape: [batch, 2], dtype: "int32" });
  const weights = b.input(`${head.name}.weights`, { shape: [batch, 2], dtype: "float32" });
  const [sum] = b.at("loss", () => b.cross_entropy(scores_B2T, targets, weights));
  return { loss, sum, rows: null, scores: scores_B2T };
}

/** Of each pair the answer that was chosen, in the even rows, against the one that was rejected; `scores` are their rewards, [B / 2, 2]. */
function preferred(pass: Forward, loss: LayoutLoss): LossSum {
  const { head, preference } = loss;
  if (!preference) throw new Error("a preference has no reference");
  const { b, options: { batch } } = pass;
  const length = b.info(pass.stream(head.stack)).shape[1];
  const input = (name: string, shape: number[], dtype: "int32" | "float32"): ValueId => b.input(`${head.name}.${name}`, { shape, dtype });
  const shape = [batch, loss.places ?? length];
  const places = loss.places === null ? null : input("places", shape, "int32");
  const [targets, weights] = [input("targets", shape, "int32"), input("weights", shape, "float32")];
  const pairs = batch / 2;
  const answers = (from: Forward, of: LayoutLoss["head"], scope: string): Answers => {
    const x_BTD = from.stream(of.stack);
    const logits = from.head(of, places === null ? x_BTD : b.at(scope, () => b.take(x_BTD, places)));
    const both = b.at("loss", () => b.reshape(textLogProbabilities(b, logits, targets, weights), { shape: [pairs, 2] }));
    const side = (start: number): ValueId => b.at("loss", () => b.reshape(b.slice(both, { axis: 1, start, size: 1 }), { shape: [pairs] }));
    return { chosen: side(0), rejected: side(1) };
  };
  const policy = answers(pass, head, head.name);
  const reference = answers(referencePass(pass, preference.reference), preference.reference.head, `reference.${head.name}`);
  const { sum, rewards } = preferenceLoss(b, { policy, reference, weights: input("pairs.weights", [pairs], "float32") }, preference);
  const column = (value: ValueId): ValueId => b.reshape(value, { shape: [pairs, 1] });
  return { loss, sum, rows: null, scores: b.at("loss", () => b.concatenate(column(rewards.chosen), column(rewards.rejected), { axis: 1 })) };
}

function contrastive(pass: Forward, { head }: LayoutLoss): ValueId {
  const { b, options: { batch } } = pass;
  const scores_BB = pass.head(head);
  const targets = b.input(`${head.name}.targets`, { shape: [batch], dtype: "int32" });
  const weights = b.input(`${head.name}.weights`, { shape: [batch], dtype: "float32" });
  // In the last batch of an evaluation some rows are repeated to fill it: they are no wrong answers either.
  return contrastiveSum(b, scores_BB, targets, weights, !pass.options.training);
}

/** A term of the batch's loss. */
export interface LossMean { readonly name: string; readonly weight: number; readonly mean: ValueId }

/** The weighted sum of the means and the layers' own losses, from inputs `HEAD.count`; outputs `loss` and, where there are several, `loss:HEAD`. `split`: of one of several micro-batches. */
export function totalLoss(pass: Forward, layout: Layout, split = false): ValueId {
  const { b } = pass;
  const sums = lossSums(pass, layout).map((sum) => ({ ...sum, count: b.input(`${sum.loss.head.name}.count`, { shape: [], dtype: "float32" }) }));
  const means: LossMean[] = sums.map(({ loss, sum, count }) => ({ name: loss.head.name, weight: loss.weight, mean: b.at("loss", () => b.divide(sum, count)) }));
  means.push(...lessonMeans(pass, layout, sums));
  if (means.length > 1) for (const { name, mean } of means) b.output(`loss:${name}`, mean);
  const terms = means.map(({ weight, mean }) => (weight === 1 ? mean : b.at("loss", () => b.scale(mean, { factor: weight }))));
  const total = withAuxiliary(pass, terms.reduce((left, right) => b.at("loss", () => b.add(left, right))), split);
  b.output("loss", total);
  return total;
}

/** Names of a train graph's losses by head, in the order of its outputs. */
export function lossOutputs(graph: Graph): string[] {
  return Object.keys(graph.outputs).filter((name) => name.startsWith("loss:"));
}
