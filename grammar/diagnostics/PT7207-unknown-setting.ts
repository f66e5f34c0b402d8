// PT7207: a setting of config.json that may change what the model computes.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const unknownSetting = defineDiagnostic<{ key: string; given: string; suggestion?: string | undefined }>({
  code: "PT7207",
  slug: "unknown-setting",
  severity: "error",
  title: "A setting of a model is not known.",
  message: ({ key, given }) => `\`${key}\` (${given}) is not known, and may change what the model computes`,
  hint: ({ suggestion }) => suggestion ?? "remove the key from config.json if it changes nothing",
  page: "Every key of config.json is read by the spec's `config` section, required to have a known value, or on the list of keys that change nothing: dropout, token ids, types of numbers, initialisation, generation. Any other key could mean a variant of the architecture.",
  failing: modelExample({ config: { attention_sinks: 4 } }),
  fixed: modelExample(),
});
