// What a text has said already, held against its next token: the repetition penalty, then the ban of repeated n-grams, as in Hugging Face's transformers.

export interface PenaltySettings {
  /** p: a score s of an id seen before becomes s / p where s ≥ 0, else s · p (Keskar et al. 2019). Default 1: none. */
  readonly repetition_penalty?: number | null;
  /** n: no n ids in a row occur twice (Paulus et al. 2018). */
  readonly no_repeat_ngram?: number | null;
}

/** The scores [V] of the token after `history`; the same array where there is nothing to do. */
export function penalized(scores: Float64Array, history: readonly number[], { repetition_penalty, no_repeat_ngram }: PenaltySettings): Float64Array {
  const penalty = repetition_penalty ?? 1;
  if (penalty === 1 && !no_repeat_ngram) return scores;
  const changed = scores.slice();
  if (penalty !== 1) for (const id of new Set(history)) changed[id] = scores[id] >= 0 ? scores[id] / penalty : scores[id] * penalty;
  if (no_repeat_ngram) for (const id of repeating(history, no_repeat_ngram)) changed[id] = -Infinity;
  return changed;
}

/** Ids that followed the last n − 1 ids somewhere before. */
function repeating(history: readonly number[], n: number): Set<number> {
  const banned = new Set<number>();
  const tail = history.length - (n - 1);
  for (let start = 0; start + n <= history.length; start++) {
    let same = true;
    for (let i = 0; same && i < n - 1; i++) same = history[start + i] === history[tail + i];
    if (same) banned.add(history[start + n - 1]);
  }
  return banned;
}
