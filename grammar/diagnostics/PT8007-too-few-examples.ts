// Data that does not fill one batch, where epochs are to be counted.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const tooFewExamples = defineDiagnostic<{ readonly examples: number; readonly batch: number; readonly what: string }>({
  code: "PT8007",
  slug: "too-few-examples",
  severity: "error",
  title: "The data does not fill one batch.",
  message: (data) => `the ${data.what} gives ${data.examples} ${data.examples === 1 ? "example" : "examples"}, a batch takes ${data.batch}`,
  hint: () => "make `batch` or `length` smaller, or add data",
  page: "An epoch is a whole number of batches; data shorter than one batch has none. `pack: on` counts sequences of several documents.",
  failing: dataExample({ batch: "100 examples", train: "2 epochs" }),
  fixed: dataExample({ train: "2 epochs" }),
});
