// A byte-level vocabulary smaller than its 256 bytes.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const smallVocabulary = defineDiagnostic<{ readonly vocab: number; readonly least: number }>({
  code: "PT7013",
  slug: "small-vocabulary",
  severity: "error",
  title: "A vocabulary leaves no room for the 256 bytes.",
  message: (data) => `a vocabulary of ${data.vocab} is too small: 256 bytes, the special tokens and the sentinels need ${data.least}`,
  hint: (data) => `use \`vocab: ${data.least}\` or more`,
  page: "A byte-level tokenizer can write every text because each of the 256 bytes is a token of its own. `vocab` is the total: bytes, merged tokens, special tokens and sentinels.",
  failing: dataExample({ tokenizer: "kind: bpe(vocab: 200)  trained_on: novels  special: [<pad>]" }),
  fixed: dataExample({ tokenizer: "kind: bpe(vocab: 258)  trained_on: novels  special: [<pad>]" }),
});
