// PT7231: a value of a model that the keys of a config.json cannot state.

import { defineDiagnostic } from "./define.ts";
import { exportExample } from "./_export-example.ts";

export const unstatedSetting = defineDiagnostic<{ parameter: string; value: string; keys: readonly string[] }>({
  code: "PT7231",
  slug: "unstated-setting",
  severity: "error",
  title: "A value of a model cannot be stated in config.json.",
  message: ({ parameter, value, keys }) => `\`${parameter}\` is ${value}, which ${keys.length ? keys.map((key) => `\`${key}\``).join(", ") : "config.json"} cannot state`,
  hint: ({ parameter }) => `the \`config\` section of \`weights\` says what \`${parameter}\` is computed from`,
  page: "An export solves the expressions of the `config` section for their keys, and evaluates them again. Where that does not give the value that was trained, config.json would describe another model.",
  failing: exportExample({ model: 'weights huggingface { model_type: "gpt2"  architectures { "GPT2LMHeadModel": [lm] }  config { layers: "n_layer" * "n_layer" } }' }),
  fixed: exportExample(),
});
