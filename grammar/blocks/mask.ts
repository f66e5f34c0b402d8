// mask: a named attention mask.

import { defineBlock } from "./define.ts";

export const mask = defineBlock({
  word: "mask",
  doc: "An attention mask: a predicate over `query`, `key`, `prefix` and `length`, composed with `&`, `|` and `not`.",
  form: "value",
  relations: [],
  fields: {},
  example: "mask sliding(n) = causal & (query - key < n)",
});
