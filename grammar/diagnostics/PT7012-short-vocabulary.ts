// Training a tokenizer ran out of what the text repeats.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const shortVocabulary = defineDiagnostic<{ readonly asked: number; readonly learned: number }>({
  code: "PT7012",
  slug: "short-vocabulary",
  severity: "warning",
  title: "The training text gives fewer tokens than asked.",
  message: (data) => `the documents of the tokenizer give only ${data.learned} tokens of the ${data.asked} asked; the other ids stay unused`,
  hint: (data) => `ask for \`vocab: ${data.learned}\`, or train on more text`,
  page: "Byte pair encoding and WordPiece merge the most frequent pair again and again until none occurs twice, Unigram keeps substrings that occur twice, and a text has only so many characters. A small text runs out early. Special tokens keep the ids the plan gave them, and the ids between are never used: their rows of the model's table cost memory and learn nothing.",
  failing: dataExample({ tokenizer: "kind: bpe(vocab: 400)  trained_on: novels  special: [<pad>]" }),
  fixed: dataExample({ tokenizer: "kind: bpe(vocab: 258)  trained_on: novels  special: [<pad>]" }),
});
