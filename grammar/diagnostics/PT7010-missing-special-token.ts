// A special token that the vocabulary does not hold.

import { byteTokenizerJson, dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const missingSpecialToken = defineDiagnostic<{ readonly file: string; readonly name: string; readonly text: string; readonly nearest?: string }>({
  code: "PT7010",
  slug: "missing-special-token",
  severity: "error",
  title: "A special token is not in the tokenizer file.",
  message: (data) => `\`${data.file}\` has no token \`${data.text}\` for \`${data.name}\``,
  hint: (data) => (data.nearest === undefined ? undefined : `the nearest token is \`${data.nearest}\``),
  page: "A `special` section names tokens of an existing vocabulary by their own text: `special { mask: \"[MASK]\"  pad: \"[PAD]\" }`. Each must be in the file.",
  failing: dataExample({ tokenizer: "file: \"tokenizer.json\"  special { pad: \"[PUD]\" }", beside: { "data.txt": "Call me Ishmael.\nSome years ago.\n", "tokenizer.json": byteTokenizerJson(["[PAD]"]) } }),
  fixed: dataExample({ tokenizer: "file: \"tokenizer.json\"  special { pad: \"[PAD]\" }", beside: { "data.txt": "Call me Ishmael.\nSome years ago.\n", "tokenizer.json": byteTokenizerJson(["[PAD]"]) } }),
});
