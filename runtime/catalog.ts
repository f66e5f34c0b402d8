// What the runtime brings to the compiler, as one value.

import type { Catalog } from "../compiler/phases/2-check/vocabulary.ts";
import { cleaners } from "./cleaners/index.ts";
import { columns } from "./columns/index.ts";
import { decodings } from "./generation/decodings/index.ts";
import { metrics } from "./metrics/index.ts";
import { inputs } from "./objectives/inputs/index.ts";
import { noises } from "./objectives/noises/index.ts";
import { pairs } from "./objectives/pairs/index.ts";
import { targets } from "./objectives/targets/index.ts";
import { prelude } from "./objectives/prelude.ts";
import { sources } from "./sources/index.ts";
import { synthetic } from "./synthetic/index.ts";
import { tasks } from "./tasks/index.ts";
import { tokenizers } from "./tokenizers/index.ts";
import { readTokenizerFacts } from "./tokenizers/_facts.ts";

export const catalog: Catalog = {
  version: "1",
  tokenizers,
  objectives: { noises, inputs, targets, pairs },
  prelude,
  metrics,
  tasks,
  decodings,
  sources,
  columns,
  cleaners,
  synthetic,
  readTokenizer: readTokenizerFacts,
};
