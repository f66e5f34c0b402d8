// What is read off a row of logits [V], in float64: log-probabilities, and the largest entries.

/** log softmax: x − log Σ exp x. */
export function logSoftmax(logits: ArrayLike<number>): Float64Array {
  const most = maximum(logits);
  const shift = most + Math.log(sumOfExponentials(logits, most));
  const log = new Float64Array(logits.length);
  for (let i = 0; i < log.length; i++) log[i] = logits[i] - shift;
  return log;
}

/** log softmax at one id. */
export function logProbability(logits: ArrayLike<number>, id: number): number {
  const most = maximum(logits);
  return logits[id] - most - Math.log(sumOfExponentials(logits, most));
}

export function softmax(scores: ArrayLike<number>): Float64Array {
  const most = maximum(scores);
  const sum = sumOfExponentials(scores, most);
  const p = new Float64Array(scores.length);
  for (let i = 0; i < p.length; i++) p[i] = Math.exp(scores[i] - most) / sum;
  return p;
}

/** Index of the largest, the lowest among equals. */
export function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** Indices of the n largest, largest first; among equals the lowest first. */
export function largestOf(values: ArrayLike<number>, n: number): number[] {
  const kept: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (kept.length === n && !(values[i] > values[kept[n - 1]])) continue;
    let at = Math.min(kept.length, n - 1);
    for (; at > 0 && values[i] > values[kept[at - 1]]; at--) kept[at] = kept[at - 1];
    kept[at] = i;
  }
  return kept;
}

function maximum(values: ArrayLike<number>): number {
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
}

function sumOfExponentials(values: ArrayLike<number>, shift: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i] - shift);
  return sum;
}
