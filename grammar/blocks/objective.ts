// objective: a named pretraining objective.

import { defineBlock } from "./define.ts";

export const objective = defineBlock({
  word: "objective",
  doc: "A self-supervised objective: noise, what the input shows of it, and what is predicted; or a pair of texts and the head that tells how they belong together; or, after `=`, a combination of others: `a + 0.5 * b`, `in_turn(a, b)`, `mixture(a, 2 * b)`, `led_by(<token>, a)`.",
  form: "either",
  relations: ["extends"],
  fields: {
    noise: { type: { type: "word", registry: "noise" }, doc: "which tokens are noised; special tokens never are" },
    input: { type: { type: "input" }, doc: "what the input shows of a noised place: a token, a word, or shares of them" },
    target: { type: { type: "word", registry: "target" }, doc: "what is predicted" },
    pair: { type: { type: "word", registry: "pair" }, doc: "which two texts make an example, instead of a target" },
    head: { type: { type: "name", what: "head of the model" }, doc: "the head that predicts; `mlm` for `in_place`, else `lm`, unless it is given" },
  },
  exactly_one: [["target", "pair"]],
  example: "objective half_masked(rate = 15%) { noise: whole_words(rate)  input: 50% * <mask> + 50% * keep  target: in_place }\nobjective both = half_masked(30%) + 0.5 * nsp",
});
