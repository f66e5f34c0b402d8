// PT5084: an adaptation that leaves nothing to train.

import { adaptExample } from "./_adapt-example.ts";
import { defineDiagnostic } from "./define.ts";

export const nothingTrained = defineDiagnostic<{ adaptation: string; heads: readonly string[] }>({
  code: "PT5084",
  slug: "nothing-trained",
  severity: "error",
  title: "an adaptation that leaves nothing to train",
  message: ({ adaptation, heads }) => `under \`${adaptation}\` nothing is trained: the head${heads.length === 1 ? "" : "s"} ${heads.map((head) => `\`${head}\``).join(", ")} ${heads.length === 1 ? "has" : "have"} no weights of ${heads.length === 1 ? "its" : "their"} own`,
  page: "A tied head predicts with the token table, which belongs to the embedding, so `adapt: head` leaves nothing to learn. Use `last(n)`, `lora`, `adapter`, `bias` or `prompt`, which train a part of the stacks or something beside them.",
  failing: adaptExample("head"),
  fixed: adaptExample("last(1)"),
});
