// The small experiment that examples of data and file diagnostics vary; the member files say only what differs.

import type { Example } from "./define.ts";

export interface DataExample {
  readonly files?: string;
  readonly format?: string;
  /** The `split` line, if any. */
  readonly split?: string;
  readonly tokenizer?: string;
  readonly model?: string;
  readonly batch?: string;
  readonly train?: string;
  readonly optimizer?: string;
  /** Further lines of the run. */
  readonly more?: string;
  /** Files beside `main.pt`; default: a `data.txt` of three lines. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

export function dataExample(example: DataExample = {}): Example {
  return {
    files: { "main.pt": specOf(example), ...(example.beside ?? { "data.txt": "Call me Ishmael.\nSome years ago.\nNever mind how long.\n" }) },
    command: example.command ?? ["train", "main.pt"],
  };
}

/** A `tokenizer.json` of the 256 bytes and these added tokens. */
export function byteTokenizerJson(added: readonly string[]): string {
  let next = 0x100;
  const printable = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
  const vocab = Object.fromEntries(Array.from({ length: 256 }, (_, byte) => [String.fromCharCode(printable(byte) ? byte : next++), byte]));
  return JSON.stringify({
    added_tokens: added.map((content, i) => ({ id: 256 + i, content, special: true })),
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: false },
    decoder: { type: "ByteLevel" },
    model: { type: "BPE", vocab, merges: [] },
  });
}

function specOf({ files = "data.txt", format = "lines", split, tokenizer = "kind: bytes  special: [<pad>]", model = "tiny", batch = "2 examples", train = "1 steps", optimizer = "adamw(lr: 1e-3)", more }: DataExample): string {
  return `data novels {
  files: "${files}"
  format: ${format}${split === undefined ? "" : `\n  ${split}`}
}
tokenizer letters { ${tokenizer} }
model tiny(vocab) {
  decoder {
    embed: tokens(vocab, 8)
    residual { layernorm attention(2, mask: causal) }
  }
  head lm { tied }
}
pretrain small {
  model: ${model}
  tokenizer: letters
  data: novels
  objective: causal_lm
  length: 8
  batch: ${batch}
  train: ${train}
  optimizer: ${optimizer}
  schedule: constant${more === undefined ? "" : `\n  ${more}`}
}
`;
}
