// PT5009: special tokens and sentinels that leave no room.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const tooManySentinels = defineDiagnostic<{ vocab: number; special: number }>({
  code: "PT5009",
  slug: "too-many-sentinels",
  severity: "error",
  title: "special tokens and sentinels that leave no room",
  message: ({ vocab, special }) => `a vocabulary of ${vocab} leaves no room for 256 bytes and ${special} special tokens`,
  page: "A byte-level vocabulary holds the 256 bytes, then what was learned, then the special tokens and sentinels; `vocab` is the total.",
  failing: smallRun.replace("tokens(300,", "tokens(300,").replace("kind: bytes  special: [<pad>, <eos>]", "kind: bpe(vocab: 300)  trained_on: novels  special: [<pad>, <eos>]  sentinels: 100"),
  fixed: smallRun.replace("tokens(300,", "tokens(400,").replace("kind: bytes  special: [<pad>, <eos>]", "kind: bpe(vocab: 400)  trained_on: novels  special: [<pad>, <eos>]  sentinels: 100"),
});
