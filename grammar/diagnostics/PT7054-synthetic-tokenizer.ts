// PT7054: synthetic data with a tokenizer that does not hold its ids.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

const drawn = (tokenizer: string) => {
  const example = dataExample({ tokenizer });
  return { ...example, files: { "main.pt": example.files["main.pt"].replace(/data novels \{[^}]*\}/, "data novels { synthetic: uniform(vocab: 16, examples: 20) }") } };
};

export const syntheticTokenizer = defineDiagnostic<{ tokenizer: string; generator: string; ids: number; room: number | null }>({
  code: "PT7054",
  slug: "synthetic-tokenizer",
  severity: "error",
  title: "synthetic data with a tokenizer that does not hold its ids",
  message: ({ tokenizer, generator, ids, room }) => (room === null ? `\`${generator}\` draws token ids, which the tokenizer \`${tokenizer}\` would read as a text of digits` : `\`${generator}\` draws ${ids} different ids, and \`${tokenizer}\` has room for ${room} beside its special tokens`),
  hint: ({ ids }) => `remove \`tokenizer\`, or use \`kind: ids(vocab: …)\` with room for ${ids} ids and the special tokens`,
  page: "Synthetic data needs no tokenizer. An objective that needs special tokens (`<mask>`, `<pad>`) takes one of kind `ids`: its first ids are those of the data, then come the special tokens and the sentinels.",
  failing: drawn("kind: bytes  special: [<pad>]"),
  fixed: drawn("kind: ids(vocab: 17)  special: [<pad>]"),
});
