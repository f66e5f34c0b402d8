// bias: BitFit (Ben Zaken et al. 2022): the added vectors of linear maps and norms, and nothing else.

import { withoutBiases } from "../../grammar/diagnostics/PT5083-without-biases.ts";
import { instancesOf, weightsOf } from "../architecture.ts";
import { defineAdaptation } from "./define.ts";

export const bias = defineAdaptation({
  word: "bias",
  doc: "Only biases are trained, those of products and of norms (BitFit, Ben Zaken et al. 2022).",
  parameters: {},
  check: (_, { architecture }, report) => {
    if (![...weightsOf(instancesOf(architecture, []))].some(({ leaf, spec }) => isBias(leaf) && !spec.buffer)) report(withoutBiases, { model: architecture.name });
  },
  trains: ({ leaf }) => isBias(leaf),
});

const isBias = (leaf: string): boolean => leaf === "bias" || leaf.endsWith(".bias");
