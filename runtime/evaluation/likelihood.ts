// How likely choices are after a prompt: the sum of the log-probabilities of their ids. The prompt is read once for all of its choices,
// which then run side by side over the caches, as the texts of a generation do.

import type { Handle, Session } from "../session.ts";
import type { Search } from "../generation/decodings/define.ts";
import { searchAll } from "../generation/generate.ts";
import { logProbability } from "../generation/logits.ts";
import type { GraphSource } from "../generation/source.ts";

/** Ids of a prompt, at least one, and of the choices that may follow it. */
export interface Ranking { readonly prompt: readonly number[]; readonly choices: readonly (readonly number[])[] }

/** Natural log-probability of each choice of each ranking. An interrupted one gives what it has: rankings without numbers. */
export async function rankChoices(session: Session, source: GraphSource, weights: ReadonlyMap<string, Handle>, rankings: readonly Ranking[], signal?: AbortSignal): Promise<(readonly number[])[]> {
  const perPrompt = Math.max(...rankings.map(({ choices }) => choices.length));
  const tokens = Math.max(1, ...rankings.flatMap(({ choices }) => choices.map((ids) => ids.length)));
  const made = await searchAll(session, source, weights, rankings.map(({ prompt }) => prompt), { perPrompt, tokens, begin: (number) => forced(rankings[number].choices, perPrompt), signal });
  return made.map((sequences) => sequences.map(({ score }) => score));
}

/** Goes on with given ids instead of choosing; rows beyond the choices repeat the last one. */
function forced(choices: readonly (readonly number[])[], rows: number): Search {
  const logprobs: number[][] = choices.map(() => []);
  const longest = Math.max(...choices.map((ids) => ids.length));
  let at = 0;
  return {
    step(logits) {
      choices.forEach((ids, row) => {
        if (at < ids.length) logprobs[row].push(logProbability(logits[row], ids[at]));
      });
      at++;
      if (at >= longest) return null;
      return Array.from({ length: rows }, (_, row) => {
        const ids = choices[Math.min(row, choices.length - 1)];
        return { row, id: ids[Math.min(at, ids.length) - 1] ?? 0 };
      });
    },
    results: () => (at < longest ? [] : choices.map((ids, row) => ({ ids, logprobs: logprobs[row], alternatives: [], score: logprobs[row].reduce((a, b) => a + b, 0) }))),
  };
}
