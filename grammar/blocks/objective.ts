// objective: a named pretraining objective.

import { defineBlock } from "./define.ts";

export const objective = defineBlock({
  word: "objective",
  doc: "A self-supervised objective: what is predicted from what the input shows.",
  form: "either",
  relations: ["extends"],
  fields: {
    target: { type: { type: "choice", words: { next: "the token after each position" } }, doc: "what is predicted", required: true },
  },
  example: "objective language_model { target: next }",
});
