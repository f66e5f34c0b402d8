// Compute-optimal advice: about 20 tokens for each parameter (Hoffmann et al. 2022, "Chinchilla": 1.4T tokens for 70B parameters).

import { short } from "../terminal/numbers.ts";

export const chinchilla = { parameters: 70e9, tokens: 1.4e12, source: "Hoffmann et al. 2022 (Chinchilla): 70B parameters, 1.4T tokens" } as const;

const ratio = chinchilla.tokens / chinchilla.parameters;

export interface Advice { readonly tokens_per_parameter: number; readonly optimal_tokens: number; /** Of a model for which the tokens are right. */ readonly optimal_parameters: number; readonly text: string }

/** Null where tokens are not known. The law is for one pass over fresh text; it says nothing of corpora that are repeated. */
export function adviceFor(parameters: number, tokens: number | null): Advice | null {
  if (tokens === null || tokens === 0 || parameters === 0) return null;
  const own = tokens / parameters;
  const verdict = own < ratio / 1.5 ? `fewer tokens than is optimal: ${short(ratio * parameters)} would be, or ${short(tokens / ratio)} parameters` : own > ratio * 1.5 ? `more tokens than is optimal for its compute: a model of ${short(tokens / ratio)} parameters would learn more from them` : "about compute-optimal";
  return { tokens_per_parameter: own, optimal_tokens: ratio * parameters, optimal_parameters: tokens / ratio, text: `${short(own)} tokens a parameter; ${verdict}` };
}
