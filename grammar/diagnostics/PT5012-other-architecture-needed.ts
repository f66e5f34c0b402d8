// PT5012: an objective that the architecture cannot be trained on.

import { defineDiagnostic } from "./define.ts";
import { encoderRun } from "./_objective-example.ts";

export const otherArchitectureNeeded = defineDiagnostic<{ objective: string; architecture: string; why: string; instead: string }>({
  code: "PT5012",
  slug: "other-architecture-needed",
  severity: "error",
  title: "an objective that the architecture cannot be trained on",
  message: ({ objective, architecture, why }) => `${architecture} cannot be trained on \`${objective}\`: ${why}`,
  hint: ({ instead }) => instead,
  page: "An encoder predicts at its own places, so its targets must be `in_place`. A decoder gets inputs and targets in one sequence, or predicts each next token. An encoder-decoder gives the inputs to the encoder and the targets to the decoder, so the targets must be a sequence of their own.",
  failing: encoderRun("span_corruption", "", "special: [<pad>, <mask>]  sentinels: 20"),
  fixed: encoderRun("masked", "", "special: [<pad>, <mask>]  sentinels: 20"),
});
