// Which tokens a draw may take: temperature, top_k, top_p, min_p, typical_p, in the order of Hugging Face's transformers. Pure, in float64.

import { softmax } from "./logits.ts";

export interface FilterSettings {
  /** Default 1. 0 is no filter but the most likely token: the caller's to decide. */
  readonly temperature?: number | null;
  /** Tokens at least as likely as the k-th stay; all ties with it do. */
  readonly top_k?: number | null;
  /** The smallest set of likeliest tokens whose probability reaches p (Holtzman et al. 2020). */
  readonly top_p?: number | null;
  /** Tokens at least p times as likely as the likeliest. */
  readonly min_p?: number | null;
  /** Tokens whose information is closest to the entropy, up to probability p (Meister et al. 2023). */
  readonly typical_p?: number | null;
}

/** Probabilities after the filters; removed tokens have 0. */
export function filteredProbabilities(logits: ArrayLike<number>, settings: FilterSettings): Float64Array {
  const { top_k, top_p, min_p, typical_p } = settings;
  const temperature = settings.temperature ?? 1;
  const scores = Float64Array.from(logits, (logit) => logit / temperature);
  if (top_k && top_k < scores.length) {
    const least = scores.toSorted()[scores.length - top_k];
    keepOnly(scores, (i) => scores[i] >= least);
  }
  if (top_p !== undefined && top_p !== null && top_p < 1) keepTop(scores, top_p);
  if (min_p) {
    const p = softmax(scores);
    const least = min_p * p.reduce((a, b) => Math.max(a, b), 0);
    keepOnly(scores, (i) => p[i] >= least);
  }
  if (typical_p && typical_p < 1) keepTypical(scores, typical_p);
  return softmax(scores);
}

/** Ascending by score, tokens go while their cumulative probability is at most 1 − p; the last stays. */
function keepTop(scores: Float64Array, p: number): void {
  const probabilities = softmax(scores);
  const order = Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b] || a - b);
  let sum = 0;
  for (const i of order.slice(0, -1)) {
    sum += probabilities[i];
    if (sum > 1 - p) return;
    scores[i] = -Infinity;
  }
}

/** By distance of −log p from the entropy, tokens stay until their probability reaches p, with all ties of the last one. */
function keepTypical(scores: Float64Array, p: number): void {
  const probabilities = softmax(scores);
  const information = probabilities.map((q) => -Math.log(q));
  const entropy = probabilities.reduce((sum, q, i) => sum + (q === 0 ? 0 : q * information[i]), 0);
  const distances = information.map((bits) => Math.abs(bits - entropy));
  const order = Array.from(scores.keys()).sort((a, b) => distances[a] - distances[b] || a - b);
  let sum = 0;
  const last = order.find((i) => (sum += probabilities[i]) >= p) ?? order[order.length - 1];
  keepOnly(scores, (i) => distances[i] <= distances[last]);
}

function keepOnly(scores: Float64Array, keep: (i: number) => boolean): void {
  for (let i = 0; i < scores.length; i++) if (!keep(i)) scores[i] = -Infinity;
}
