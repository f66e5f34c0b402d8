// A special token by the text that some vocabulary has for it.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly written: string; readonly token: string | null }

export const foreignToken = defineDiagnostic<Data>({
  code: "PT1020",
  slug: "foreign-token",
  severity: "error",
  title: "A special token by its text",
  message: ({ written, token }) => `\`${written}\` is the text of a token${token === null ? "" : `, which is called \`<${token}>\` here`}`,
  hint: ({ written, token }) => `a tokenizer's \`special { ${token ?? "eos"}: "${written}" }\` says which text it has`,
  page: "Special tokens have one name in every spec: `<pad>`, `<unk>`, `<cls>`, `<sep>`, `<mask>`, `<bos>`, `<eos>`. A tokenizer of an existing vocabulary says how that vocabulary spells them: `special { eos: \"</s>\"  mask: \"[MASK]\" }`.",
  failing: "data novels { files: \"*.txt\" }\ntokenizer words { kind: bpe(vocab: 512)  trained_on: novels  special: [<pad>, </s>] }\n",
  fixed: "data novels { files: \"*.txt\" }\ntokenizer words { kind: bpe(vocab: 512)  trained_on: novels  special: [<pad>, <eos>] }\n",
});
