// The contract of an objective: what it asks of the model, the masks and the tokenizer, and how long its sequences are.

import type { ObjectiveFacts, Word } from "../../compiler/phases/2-check/vocabulary.ts";

export interface ObjectiveDefinition extends Word, ObjectiveFacts {}

export function defineObjective(definition: ObjectiveDefinition): ObjectiveDefinition {
  return definition;
}
