// PT4010: rotary positions on an odd head width.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const oddRotation = defineDiagnostic<{ width: number }>({
  code: "PT4010",
  slug: "odd-rotation",
  severity: "error",
  title: "rotary positions on an odd head width",
  message: ({ width }) => `rotary positions turn pairs of features, but the head width ${width} is odd`,
  page: "rope rotates the features i and i + head_width / 2 together.",
  failing: tinyModel.replace("causal", "causal, head_width: 3, positions: rope"),
  fixed: tinyModel.replace("causal", "causal, positions: rope"),
});
