// PT8031: a prompt that a model has no positions for.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

const command = ["generate", "model", "--inputs", "prompts.json", "--tokens", "1"];

export const longPrompt = defineDiagnostic<{ prompt: number; length: number; window: number; encodes: boolean }>({
  code: "PT8031",
  slug: "long-prompt",
  severity: "error",
  title: "A prompt is longer than what the model can read.",
  message: ({ prompt, length, window, encodes }) => `prompt ${prompt} has ${length} tokens, the ${encodes ? "encoder" : "model"} reads ${window}`,
  hint: ({ window }) => `give at most ${window} tokens`,
  page: "A model has positions for as many tokens as its tables have rows, and a run for as many as it was trained with. A prompt is never cut silently: what would be left out may be what matters. New tokens may pass the end: a decoder-only model then goes on with the later half of its window.",
  failing: modelExample({ beside: { "prompts.json": "[[1, 2, 3, 4, 5, 6, 7, 1, 2]]" }, command }),
  fixed: modelExample({ beside: { "prompts.json": "[[1, 2, 3, 4, 5, 6, 7, 1]]" }, command }),
});
