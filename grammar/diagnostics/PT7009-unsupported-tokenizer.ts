// A `tokenizer.json` asks for what is not supported.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const unsupportedTokenizer = defineDiagnostic<{ readonly file: string; readonly asks: readonly string[] }>({
  code: "PT7009",
  slug: "unsupported-tokenizer",
  severity: "error",
  title: "A tokenizer file asks for something this version does not do.",
  message: (data) => `\`${data.file}\` asks for ${data.asks.join("; ")}, which this version does not do`,
  hint: () => "BPE, WordPiece and Unigram are supported (GPT-2, Llama, BERT, T5 and their kin)",
  page: "Every piece of a tokenizer file changes the ids it gives. What is not supported is named instead of ignored, since a model on other ids than it was made for is silently useless.",
  failing: dataExample({ tokenizer: "file: \"tokenizer.json\"", beside: { "data.txt": "Call me Ishmael.\nSome years ago.\nNever mind how long.\n", "tokenizer.json": "{\"model\": {\"type\": \"WordLevel\", \"vocab\": {\"a\": 0}}}" } }),
  fixed: dataExample(),
});
