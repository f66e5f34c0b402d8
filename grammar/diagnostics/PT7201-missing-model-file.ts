// PT7201: a model folder that is not there, or lacks a file.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const missingModelFile = defineDiagnostic<{ folder: string; file: string | null; found: readonly string[]; suggestion?: string }>({
  code: "PT7201",
  slug: "missing-model-file",
  severity: "error",
  title: "A model folder lacks a file.",
  message: ({ folder, file }) => (file === null ? `there is no folder \`${folder}\`` : `\`${folder}\` has no \`${file}\``),
  hint: ({ file, found, suggestion }) => suggestion ?? (file === null ? "give a folder with `config.json` and `model.safetensors`, or the folder of a run" : found.length ? `it has ${found.slice(0, 6).map((name) => `\`${name}\``).join(", ")}${found.length > 6 ? " …" : ""}` : "the folder is empty"),
  page: "A Hugging Face folder holds `config.json`, the weights as `model.safetensors` (or `model.safetensors.index.json` with its parts) and, for text, `tokenizer.json`. A folder of a run holds `plan.json` and `checkpoints/`.",
  failing: modelExample({ beside: { "model/config.json": null } }),
  fixed: modelExample(),
});
