// PT3022: a field that goes with another.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const incompleteDeclaration = defineDiagnostic<{ field: string; needs: string; because: string }>({
  code: "PT3022",
  slug: "incomplete-declaration",
  severity: "error",
  title: "a field that goes with another",
  message: ({ field, because }) => `\`${field}\` ${because}`,
  hint: ({ needs }) => needs,
  page: "Some fields only make sense together: a trained tokenizer needs the source it is trained on, an untrained one must not name one.",
  failing: smallRun.replace("kind: bytes", "kind: bpe(vocab: 300)"),
  fixed: smallRun.replace("kind: bytes", "kind: bpe(vocab: 300)  trained_on: novels"),
});
