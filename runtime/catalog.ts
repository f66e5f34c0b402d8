// What the runtime brings to the compiler, as one value.

import type { Catalog } from "../compiler/phases/2-check/vocabulary.ts";
import { metrics } from "./metrics/index.ts";
import { objectives } from "./objectives/index.ts";
import { sources } from "./sources/index.ts";
import { tokenizers } from "./tokenizers/index.ts";
import { readTokenizerFacts } from "./tokenizers/_facts.ts";

export const catalog: Catalog = {
  version: "1",
  tokenizers,
  objectives,
  metrics,
  sources,
  readTokenizer: readTokenizerFacts,
};
