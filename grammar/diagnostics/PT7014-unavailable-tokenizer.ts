// A plan names a kind of tokenizer that this version does not have.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const unavailableTokenizer = defineDiagnostic<{ readonly kind: string; readonly kinds: readonly string[] }>({
  code: "PT7014",
  slug: "unavailable-tokenizer",
  severity: "error",
  title: "This version cannot train a kind of tokenizer.",
  message: (data) => `this version has no tokenizer of kind \`${data.kind}\``,
  hint: (data) => `it has ${data.kinds.map((word) => `\`${word}\``).join(", ")}`,
  page: "The language knows more kinds than this version has, and a plan may come from a newer one.",
  failing: dataExample({ tokenizer: "kind: unigram(vocab: 300)  trained_on: novels  special: [<pad>]" }),
  fixed: dataExample(),
});
