// Small fine-tunings that write texts, with the few rows that they learn by heart.

import type { TaskCase } from "./specs.ts";

export const writers = {
  decoder: `model writer(vocab, width = 32) {
  decoder { embed: tokens(vocab, width) + learned_positions(64)
    repeat 2 { residual { layernorm attention(2, mask: causal) } residual { layernorm mlp(64, gelu) } } layernorm }
  head lm { tied }
}`,
  prefix_decoder: `model writer(vocab, width = 32) {
  decoder { embed: tokens(vocab, width) + learned_positions(64)
    repeat 2 { residual { layernorm attention(2, mask: prefix) } residual { layernorm mlp(64, gelu) } } layernorm }
  head lm { tied }
}`,
  encoder_decoder: `model writer(vocab, width = 32) {
  encoder { embed: tokens(vocab, width) + learned_positions(64)
    residual { layernorm attention(2, mask: full) } residual { layernorm mlp(64, gelu) } layernorm }
  decoder { embed: tokens(vocab, width) + learned_positions(64)
    residual { layernorm attention(2, mask: causal) } residual { layernorm cross_attention(encoder, 2) } residual { layernorm mlp(64, gelu) } layernorm }
  head lm { tied }
}`,
} as const;
export type Writer = keyof typeof writers;

export const template = 'template marked { system: "S{content}\\n"  user: "U{content}\\n"  assistant: "A{content};" }\n';

export const textCases: Readonly<Record<string, TaskCase>> = {
  spelled: {
    task: 'text_to_text("say {word}:" -> "{sound}", targets: 12, decode: greedy)', columns: "word: string  sound: string",
    rows: [{ word: "sea", sound: "S IY" }, { word: "ship", sound: "SH IH P" }, { word: "rope", sound: "R OW P" }, { word: "a", sound: "AH" }],
  },
  labelled: {
    task: 'text_to_text("sentence: {text}" -> "{label}", targets: 14)', columns: 'text: string  label: class(labels: ["0", "1"], names: ["unacceptable", "acceptable"])',
    rows: [{ text: "it sank", label: "1" }, { text: "sank it it", label: "0" }, { text: "I see", label: "1" }, { text: "see see", label: "0" }],
  },
  chat: {
    task: "chat(messages, template: marked)", columns: "messages: messages",
    rows: [
      { messages: [{ role: "user", content: "hi" }, { role: "assistant", content: "yo" }, { role: "user", content: "who" }, { role: "assistant", content: "me" }] },
      { messages: [{ role: "system", content: "be kind" }, { role: "user", content: "sea" }, { role: "assistant", content: "deep" }] },
      { messages: [{ role: "user", content: "go" }, { role: "assistant", content: "no" }] },
      { messages: [{ role: "user", content: "up" }, { role: "assistant", content: "and down" }] },
    ],
  },
  prefer: {
    task: "prefer(prompt, chosen, rejected, targets: 10)", columns: "prompt: string  chosen: string  rejected: string",
    rows: [
      { prompt: "Q: sea? A:", chosen: " deep", rejected: " dry" }, { prompt: "Q: sky? A:", chosen: " blue", rejected: " red" },
      { prompt: "Q: rope? A:", chosen: " long", rejected: " lo" }, { prompt: "Q: ice? A:", chosen: " cold", rejected: " hot" },
    ],
  },
};

export const tokenizer = "tokenizer t { kind: bytes  special: [<pad>, <bos>, <eos>]  sentinels: 4 }";

export function textSpec(writer: Writer, { task, columns }: TaskCase, more = "", { base = 4, length = 40 }: { readonly base?: number; readonly length?: number } = {}): string {
  const from = task.startsWith("prefer");
  return `${writers[writer]}
data d { files: "data.jsonl"  format: jsonl  columns { ${columns} } }
data again { files: "again.jsonl"  format: jsonl  columns { ${columns} } }
${tokenizer}
${task.includes("marked") ? template : ""}${from ? `data prose { files: "prose.txt" }
pretrain base { model: writer()  tokenizer: t  data: prose  objective: ${writer === "decoder" ? "causal_lm" : "span_corruption"}  length: 16  batch: 2 examples  train: ${base} steps  optimizer: adamw(lr: 1e-2) }
` : ""}finetune small${from ? " from base" : ""} { model: writer()  tokenizer: t  data: d  task: ${task}  length: ${length}  batch: 4 examples  train: 60 steps  optimizer: adamw(lr: 1e-2, weight_decay: 0)  evaluate { data: again }  ${more} }
`;
}
