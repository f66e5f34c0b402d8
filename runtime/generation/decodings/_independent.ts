// Texts that each go on from themselves: what `greedy` and `sample` share.

import { largestOf, logProbability, logSoftmax } from "../logits.ts";
import { penalized, type PenaltySettings } from "../penalties.ts";
import type { Alternatives, Search, SearchStart } from "./define.ts";

interface Text { readonly ids: number[]; readonly logprobs: number[]; readonly alternatives: Alternatives[]; readonly history: number[]; done: boolean }

/** `choose` gets the scores after the penalties, and the number of the text. */
export function independentTexts(count: number, penalties: PenaltySettings, start: SearchStart, choose: (scores: Float64Array, text: number) => number): Search {
  const texts: Text[] = Array.from({ length: count }, () => ({ ids: [], logprobs: [], alternatives: [], history: [...start.history], done: false }));
  return {
    step(logits) {
      texts.forEach((text, row) => {
        if (text.done) return;
        const id = choose(penalized(Float64Array.from(logits[row]), text.history, penalties), row);
        text.ids.push(id);
        text.history.push(id);
        text.logprobs.push(logProbability(logits[row], id));
        if (start.alternatives > 0) text.alternatives.push(alternativesOf(logits[row], start.alternatives));
        if (row === 0) start.onToken?.(id);
        text.done = start.stop.includes(id) || text.ids.length >= start.tokens || (start.ends?.(text.ids) ?? false);
      });
      // A text that is done goes on unread beside the others.
      return texts.every(({ done }) => done) ? null : texts.map(({ ids }, row) => ({ row, id: ids[ids.length - 1] }));
    },
    results: () => texts.map(({ ids, logprobs, alternatives }) => ({ ids, logprobs, alternatives, score: logprobs.reduce((a, b) => a + b, 0) })),
  };
}

export function alternativesOf(logits: ArrayLike<number>, count: number): Alternatives {
  const log = logSoftmax(logits);
  const ids = largestOf(log, count);
  return { ids, logprobs: ids.map((id) => log[id]) };
}
