// What accuracy, F1, precision, recall and Matthews' coefficient count, and how labels are averaged (as scikit-learn's `metrics`).

import type { Fields } from "../../grammar/fields.ts";
import type { Label, Options, Outcome } from "./define.ts";
import { meanOf } from "./define.ts";

/** Of one label: how often it was right, predicted, and in the references. */
export interface Count { readonly right: number; readonly predicted: number; readonly actual: number }

/** By label, in the order of their first appearance in references, then predictions. */
export function countsOf(predictions: readonly Label[], references: readonly Label[]): Map<Label, Count> {
  const counts = new Map<Label, { right: number; predicted: number; actual: number }>();
  for (const label of [...references, ...predictions]) if (!counts.has(label)) counts.set(label, { right: 0, predicted: 0, actual: 0 });
  references.forEach((label, i) => {
    counts.get(label)!.actual++;
    counts.get(predictions[i])!.predicted++;
    if (predictions[i] === label) counts.get(label)!.right++;
  });
  return counts;
}

export interface Rates { readonly precision: number; readonly recall: number; readonly f1: number }

/** A rate without a denominator is 0. */
export function ratesOf({ right, predicted, actual }: Count): Rates {
  const over = (n: number, d: number): number => (d === 0 ? 0 : n / d);
  return { precision: over(right, predicted), recall: over(right, actual), f1: over(2 * right, predicted + actual) };
}

export function summed(counts: Iterable<Count>): Count {
  let [right, predicted, actual] = [0, 0, 0];
  for (const count of counts) [right, predicted, actual] = [right + count.right, predicted + count.predicted, actual + count.actual];
  return { right, predicted, actual };
}

const averages = {
  macro: "the mean over labels, each counting alike",
  micro: "all labels' counts together, which for one label an example is the accuracy",
  weighted: "the mean over labels, each by how often it is in the references",
};

export const averageFields: Fields = {
  average: { type: { type: "choice", words: { binary: "of the positive label alone", ...averages } }, doc: "how labels are put together", default: "binary", positional: true },
  positive: { type: { type: "any", of: [{ type: "integer" }, { type: "string" }] }, doc: "the label that `binary` is about", default: "1" },
};

export const entityAverageField: Fields = {
  average: { type: { type: "choice", words: { ...averages, micro: "all types' counts together" } }, doc: "how types of entities are put together", default: "micro", positional: true },
};

/** The mean of a rate over labels; null where there are none. */
export function averaged(counts: ReadonlyMap<Label, Count>, average: string, rate: keyof Rates): number | null {
  const all = [...counts.values()];
  if (average === "micro") return ratesOf(summed(all))[rate];
  if (average === "macro") return all.length ? meanOf(all.map((count) => ratesOf(count)[rate])) : null;
  const support = summed(all).actual;
  return support === 0 ? null : all.reduce((sum, count) => sum + ratesOf(count)[rate] * count.actual, 0) / support;
}

/** F1, precision or recall of labels. */
export function scoreLabels(predictions: readonly Label[], references: readonly Label[], { average, positive }: Options, rate: keyof Rates): Outcome {
  const counts = countsOf(predictions, references);
  const details = { labels: Object.fromEntries([...counts].map(([label, count]) => [String(label), { ...ratesOf(count), support: count.actual }])) };
  if (average !== "binary") {
    const undefinedFor = [...counts].filter(([, count]) => (rate === "precision" ? count.predicted : rate === "recall" ? count.actual : 1) === 0).map(([label]) => label);
    const value = averaged(counts, average as string, rate);
    if (value === null) return { value, note: "no label is in the references", details };
    return undefinedFor.length && average === "macro" ? { value, note: `${rate} is undefined for ${undefinedFor.join(", ")} and counts as 0`, details } : { value, details };
  }
  const labels = [...counts.keys()];
  if (labels.length > 2) return { problem: `there are ${labels.length} labels (${named(labels)}), and \`binary\` is about two; choose another \`average\`` };
  const count = counts.get(positive as Label);
  if (!count && labels.length === 2) return { problem: `no label is the positive one, ${JSON.stringify(positive)}; they are ${named(labels)}: name one as \`positive\`` };
  const { predicted, actual } = count ?? { predicted: 0, actual: 0 };
  const value = ratesOf(count ?? { right: 0, predicted: 0, actual: 0 })[rate];
  const denominator = { precision: predicted, recall: actual, f1: predicted + actual }[rate];
  return denominator === 0 ? { value, note: `${rate} is undefined without ${rate === "recall" ? "references" : rate === "precision" ? "predictions" : "predictions or references"} of the positive label, and is given as 0`, details } : { value, details };
}

function named(labels: readonly Label[]): string {
  const some = labels.slice(0, 6).map((label) => JSON.stringify(label));
  return some.join(", ") + (labels.length > some.length ? ", …" : "");
}
