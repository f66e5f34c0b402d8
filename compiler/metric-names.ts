// What metrics are called in results.

import type { Call } from "./plan/schema.ts";

/** The metric's word, `rouge` with its type, `top_k_recall` with its k where that is not 1; a word that is there twice gets `_2`. */
export function metricNames(calls: readonly Call[]): string[] {
  const words = calls.map(({ word, arguments: { type, k } }) => (word === "rouge" ? `rouge_${String(type)}` : word === "top_k_recall" && k !== 1 ? `top_${String(k)}_recall` : word));
  return words.map((word, i) => {
    const before = words.slice(0, i).filter((other) => other === word).length;
    return before ? `${word}_${before + 1}` : word;
  });
}

/** Each with its name. */
export function namedMetrics(calls: readonly Call[]): { readonly name: string; readonly call: Call }[] {
  const names = metricNames(calls);
  return calls.map((call, i) => ({ name: names[i], call }));
}
