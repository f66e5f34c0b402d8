// Looks up an activation by its word.

import type { ActivationDefinition, GatedAlias } from "../activations/define.ts";
import { activations } from "../activations/index.ts";

const registry: { readonly [word: string]: ActivationDefinition | GatedAlias } = activations;

/** Throws on an unknown word, and on a gated pair, which is no function of one number. */
export function activationOf(word: string): ActivationDefinition {
  const found = Object.hasOwn(registry, word) ? registry[word] : undefined;
  if (!found || found.gated) throw new Error(`no activation \`${word}\``);
  return found;
}

/** Words of all activations of one number. */
export const plainActivations: readonly string[] = Object.values(registry).filter((entry) => !entry.gated).map((entry) => entry.word);
