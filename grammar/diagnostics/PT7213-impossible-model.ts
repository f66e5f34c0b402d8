// PT7213: settings of config.json that make no model.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const impossibleModel = defineDiagnostic<{ file: string; problem: string }>({
  code: "PT7213",
  slug: "impossible-model",
  severity: "error",
  title: "The settings of a model do not go together.",
  message: ({ file, problem }) => `\`${file}\` describes no model: ${problem}`,
  page: "The spec is instantiated with the values of config.json and checked like one written by hand.",
  failing: modelExample({ config: { n_head: 3 } }),
  fixed: modelExample(),
});
