// PT8033: a prompt without a token.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

const command = ["generate", "model", "--inputs", "prompts.json", "--tokens", "1"];

export const emptyPrompt = defineDiagnostic<{ prompt: number }>({
  code: "PT8033",
  slug: "empty-prompt",
  severity: "error",
  title: "A prompt has no token to start from.",
  message: ({ prompt }) => `prompt ${prompt} is empty: there is nothing to predict from`,
  hint: () => "give at least one token, such as the one that begins a text",
  page: "The next token is predicted from those before it. An empty text starts from the tokenizer's `<bos>` or `<eos>`, or the `bos_token_id` of config.json, where there is one.",
  failing: modelExample({ beside: { "prompts.json": "[[]]" }, command }),
  fixed: modelExample({ beside: { "prompts.json": "[[0]]" }, command }),
});
