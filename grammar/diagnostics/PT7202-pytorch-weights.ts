// PT7202: weights in a format that is not read.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const pytorchWeights = defineDiagnostic<{ folder: string; file: string }>({
  code: "PT7202",
  slug: "pytorch-weights",
  severity: "error",
  title: "A model folder has weights in another format than safetensors.",
  message: ({ folder, file }) => `\`${folder}\` has its weights as \`${file}\`, and no \`model.safetensors\``,
  hint: () => "write them again with `model.save_pretrained(folder, safe_serialization=True)`, or fetch the safetensors file",
  page: "PyTorch files (`.bin`, `.pt`, `.ckpt`) are pickles: reading one runs the code in it. Only safetensors, which hold numbers and nothing else, are read.",
  failing: modelExample({ beside: { "model/model.safetensors": null, "model/pytorch_model.bin": "PK" } }),
  fixed: modelExample(),
});
