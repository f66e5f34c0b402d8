// tagging_f1: F1 of entities in tag sequences, right where type, first and last token are (CoNLL 2000 and 2003), as seqeval.

import { averaged, entityAverageField, ratesOf, summed, type Count } from "./_confusion.ts";
import { conllEntities, foreignToIob2, iob2Entities, type Entity } from "./_entities.ts";
import { defineMetric } from "./define.ts";

export const tagging_f1 = defineMetric({
  word: "tagging_f1",
  doc: "F1 of the entities that tags such as `B-PER I-PER O` mark",
  formula: "2 right / (predicted + actual)",
  better: "higher",
  from: "tags",
  parameters: {
    ...entityAverageField,
    scheme: { type: { type: "choice", words: { conll: "an I that goes on with nothing begins an entity", iob2: "strictly: an entity begins with B, and an I that goes on with nothing is outside" } }, doc: "how tags are read", default: "conll" },
  },
  compute(predictions, references, { average, scheme }) {
    const foreign = scheme === "iob2" ? foreignToIob2([...predictions, ...references]) : null;
    if (foreign !== null) return { problem: `the tag ${JSON.stringify(foreign)} is not of the scheme \`iob2\`, whose tags begin with B, I or O` };
    const counts = entityCounts(predictions, references, scheme === "iob2" ? iob2Entities : conllEntities);
    const [precision, recall, f1] = (["precision", "recall", "f1"] as const).map((rate) => averaged(counts, average as string, rate));
    const types = Object.fromEntries([...counts].map(([type, count]) => [type, { ...ratesOf(count), support: count.actual }]));
    const details = { precision, recall, types };
    if (f1 === null) return { value: null, note: "there are no entities", details };
    const { predicted, actual } = summed(counts.values());
    return predicted + actual === 0 ? { value: f1, note: "there are no entities: F1 is undefined and given as 0", details } : { value: f1, details };
  },
});

/** By type. */
function entityCounts(predictions: readonly (readonly string[])[], references: readonly (readonly string[])[], read: (tags: readonly string[]) => Entity[]): Map<string, Count> {
  const counts = new Map<string, { right: number; predicted: number; actual: number }>();
  const of = (type: string) => {
    if (!counts.has(type)) counts.set(type, { right: 0, predicted: 0, actual: 0 });
    return counts.get(type)!;
  };
  const keyOf = ({ type, first, last }: Entity): string => `${first} ${last} ${type}`;
  references.forEach((tags, i) => {
    const right = read(tags);
    const known = new Set(right.map(keyOf));
    for (const { type } of right) of(type).actual++;
    for (const entity of read(predictions[i])) {
      of(entity.type).predicted++;
      if (known.has(keyOf(entity))) of(entity.type).right++;
    }
  });
  return counts;
}
