// A small experiment with an ablation, for tests.

export const line = "Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse.\n";

/** Declarations for `after`: a fine-tuning whose classes its file names, and an evaluation by prompts. */
export const measured = `data labelled { files: "labelled.csv"  format: csv  columns { text: string  label: class }  split { train: 50%  valid: 50% } }
data pairs { files: "pairs.jsonl"  format: jsonl  columns { english: string  french: string } }
finetune sorted from base { data: labelled  task: classify(text, label)  train: 6 steps  batch: 4 examples  optimizer: adamw(lr: 1e-2)  evaluate { data: labelled.valid  every: 2 steps }  metrics: [accuracy]  checkpoint { every: 2 steps } }
evaluate named of base { data: pairs  prompt: "{english}:" -> "{french}"  shots: [0, 1]  shots_from: pairs  metrics: [exact_match, edit_distance]  decode: greedy(tokens: 4) }
`;

/** What they read. */
export const measuredFiles = {
  "labelled.csv": `text,label\n${Array.from({ length: 24 }, (_, i) => `${i % 3 ? "the sea" : "a ship"} ${i},${i % 3 ? "water" : "wood"}\n`).join("")}`,
  "pairs.jsonl": Array.from({ length: 70 }, (_, i) => `${JSON.stringify({ english: `n${i}`, french: `f${i}` })}\n`).join(""),
};

/** `rows` are `vary` statements, `more` other fields, `after` further declarations. */
export function ablationSpec({ rows = "vary model.width in [8, 16]", more = "", after = "", steps = "10 steps", run = "" }: { readonly rows?: string; readonly more?: string; readonly after?: string; readonly steps?: string; readonly run?: string } = {}): string {
  return `model tiny(width = 8, layers = 2, vocab = 300, context = 32, drop = 0%, mask = causal) {
  decoder {
    embed: tokens(vocab, width) + learned_positions(context)
    dropout(drop)
    repeat layers { residual { rmsnorm attention(2, mask: mask) } residual { rmsnorm mlp(4 * width, gelu) } }
  }
  head lm { tied }
}
data novels { files: "texts/*.txt"  split { by: position  train: 80%  valid: 20% } }
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
pretrain base {
  model: tiny()
  tokenizer: letters
  data: novels
  objective: causal_lm
  length: 16
  batch: 4 examples
  train: ${steps}
  optimizer: adamw(lr: 1e-3)
  evaluate { data: novels.valid  metrics: [loss, perplexity] }
  seed: 7
  ${run}
}
pretrain longer from base { data: novels  objective: causal_lm  batch: 4 examples  train: 4 steps  optimizer: sgd(lr: 1e-2)  evaluate { data: novels.valid } }
${after}
ablation sizes of base {
  ${rows}
  ${more}
}
`;
}
