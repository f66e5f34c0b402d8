// PT7203: a JSON file of a model folder that cannot be understood.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const damagedConfig = defineDiagnostic<{ file: string; reason: string }>({
  code: "PT7203",
  slug: "damaged-config",
  severity: "error",
  title: "A JSON file of a model folder is damaged.",
  message: ({ file, reason }) => `\`${file}\` cannot be used: ${reason}`,
  hint: () => "fetch the file again",
  page: "`config.json` is a JSON object with `model_type` and the sizes of the model; `model.safetensors.index.json` has a `weight_map` from tensors to files of the same folder.",
  failing: modelExample({ configText: "{ \"model_type\": \"gpt2\"," }),
  fixed: modelExample(),
});
