// `pt tokenize` was given something that is no text.

import { byteTokenizerJson } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const unencodableInput = defineDiagnostic<{ readonly line: number | null; readonly reason: string }>({
  code: "PT7015",
  slug: "unencodable-input",
  severity: "error",
  title: "Input of `pt tokenize` cannot be encoded.",
  message: (data) => `${data.line === null ? "standard input" : `line ${data.line} of standard input`} cannot be encoded: ${data.reason}`,
  hint: () => "each line is a text, or JSON: a text in quotes, `[text]`, or `[text, pair]`",
  page: "`pt tokenize` reads plain lines, JSON lines, or one JSON list. Where the first line is a JSON text or a list of texts, every line has to be. A length that leaves no room for a text beside its special tokens is refused too, since what would come out is no encoding of it.",
  failing: { files: { "tokenizer.json": byteTokenizerJson([]), "texts.jsonl": '"Call me Ishmael."\n{"text": "Some years ago."}\n' }, command: ["tokenize", "tokenizer.json"] },
  fixed: { files: { "tokenizer.json": byteTokenizerJson([]), "texts.jsonl": '"Call me Ishmael."\n"Some years ago."\n' }, command: ["tokenize", "tokenizer.json"] },
});
