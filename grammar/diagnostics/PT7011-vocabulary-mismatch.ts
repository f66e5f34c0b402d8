// The tokenizer and the plan disagree on the size of the vocabulary.

import { byteTokenizerJson, dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const vocabularyMismatch = defineDiagnostic<{ readonly tokenizer: string; readonly tokens: number; readonly plan: number }>({
  code: "PT7011",
  slug: "vocabulary-mismatch",
  severity: "error",
  title: "A tokenizer has more tokens than the plan has room for.",
  message: (data) => `\`${data.tokenizer}\` has ${data.tokens} tokens, but the plan was made for ${data.plan}`,
  hint: (data) => `give the model \`vocab: ${data.tokens}\` or more, and compile again`,
  page: "A model's table needs a row for every id. The file was replaced after the plan was made, or the call sets a smaller `vocab`.",
  failing: dataExample({ model: "tiny(vocab: 2)", tokenizer: "file: \"tokenizer.json\"  special { pad: \"[PAD]\" }", beside: { "data.txt": "Call me Ishmael.\nSome years ago.\n", "tokenizer.json": byteTokenizerJson(["[PAD]"]) } }),
  fixed: dataExample({ model: "tiny(vocab: 257)", tokenizer: "file: \"tokenizer.json\"  special { pad: \"[PAD]\" }", beside: { "data.txt": "Call me Ishmael.\nSome years ago.\n", "tokenizer.json": byteTokenizerJson(["[PAD]"]) } }),
});
