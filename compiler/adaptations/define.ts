// The contract of an adaptation: which weights of a trained model a run goes on training.

import type { Fields } from "../../grammar/fields.ts";

export interface AdaptationDefinition { readonly word: string; readonly doc: string; readonly parameters: Fields }

export function defineAdaptation(definition: AdaptationDefinition): AdaptationDefinition {
  return definition;
}
