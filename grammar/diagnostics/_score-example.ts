// Predictions and references for examples of `pt score`.

import type { Example } from "./define.ts";

/** Texts of the two files, and the metric. */
export function scoreExample(predictions: string, references: string, metric = "accuracy"): Example {
  return { files: { "main.pt": "", "predictions.json": predictions, "references.json": references }, command: ["score", metric, "--predictions", "predictions.json", "--references", "references.json"] };
}
