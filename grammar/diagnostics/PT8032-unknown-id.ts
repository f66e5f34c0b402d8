// PT8032: a prompt with an id that the model has no row for.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

const command = ["generate", "model", "--inputs", "prompts.json", "--tokens", "1"];

export const unknownId = defineDiagnostic<{ prompt: number; id: number; vocab: number }>({
  code: "PT8032",
  slug: "unknown-id",
  severity: "error",
  title: "A prompt has an id beyond the model's vocabulary.",
  message: ({ prompt, id, vocab }) => `prompt ${prompt} has the id ${id}, the model knows those below ${vocab}`,
  page: "Ids are rows of the model's token table. Beyond it they come of another tokenizer, or of a typing error.",
  failing: modelExample({ beside: { "prompts.json": "[[1, 8]]" }, command }),
  fixed: modelExample({ beside: { "prompts.json": "[[1, 7]]" }, command }),
});
