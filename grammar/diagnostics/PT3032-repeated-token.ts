// A tokenizer that names one special token twice.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly token: string }

export const repeatedToken = defineDiagnostic<Data>({
  code: "PT3032",
  slug: "repeated-token",
  severity: "error",
  title: "A special token named twice",
  message: ({ token }) => `\`<${token}>\` stands in \`special\` more than once`,
  page: "Each special token has one id: its place in the list.",
  failing: 'data novels { files: "*.txt" }\ntokenizer words { kind: bpe(vocab: 512)  trained_on: novels  special: [<pad>, <eos>, <pad>] }\n',
  fixed: 'data novels { files: "*.txt" }\ntokenizer words { kind: bpe(vocab: 512)  trained_on: novels  special: [<pad>, <eos>] }\n',
});
