// A `tokenizer.json` that cannot be understood at all.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const damagedTokenizer = defineDiagnostic<{ readonly file: string; readonly reason: string }>({
  code: "PT7008",
  slug: "damaged-tokenizer",
  severity: "error",
  title: "A tokenizer file is not a tokenizer.",
  message: (data) => `\`${data.file}\` is not a tokenizer: ${data.reason}`,
  hint: () => "the file of the Hugging Face `tokenizers` library is wanted, usually `tokenizer.json`",
  page: "`file` reads the format of the Hugging Face `tokenizers` library: a JSON object with `model`, `pre_tokenizer`, `decoder` and `added_tokens`. A `vocab.json`, a SentencePiece `.model` or half a download is not one.",
  failing: dataExample({ tokenizer: "file: \"tokenizer.json\"", beside: { "data.txt": "Call me Ishmael.\nSome years ago.\nNever mind how long.\n", "tokenizer.json": "{\"hello\": 1}" } }),
  fixed: dataExample(),
});
