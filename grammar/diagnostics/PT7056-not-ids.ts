// A text that is no list of token ids.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

const ids = (text: string) => dataExample({ tokenizer: "kind: ids(vocab: 32)  special: [<pad>]", beside: { "data.txt": text } });

export const notIds = defineDiagnostic<{ readonly word: string; readonly below: number }>({
  code: "PT7056",
  slug: "not-ids",
  severity: "error",
  title: "A text is no list of token ids.",
  message: ({ word, below }) => `\`${word}\` is no token id: ids are whole numbers from 0 to ${below - 1}`,
  hint: () => "with `kind: ids` a text is ids with spaces between them: `12 7 30`",
  page: "The tokenizer `ids` is for data that is ids already. Its special tokens and sentinels come after the ids of the data and are never read from a text.",
  failing: ids("12 7 30\n12 7 31\n3 4\n"),
  fixed: ids("12 7 30\n12 7 29\n3 4\n"),
});
