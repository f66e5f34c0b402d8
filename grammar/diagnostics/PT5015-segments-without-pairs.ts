// PT5015: segments that an objective does not use.

import { defineDiagnostic } from "./define.ts";
import { encoderRun } from "./_objective-example.ts";

export const segmentsWithoutPairs = defineDiagnostic<{ segments: number; objective: string }>({
  code: "PT5015",
  slug: "segments-without-pairs",
  severity: "warning",
  title: "segments that an objective does not use",
  message: ({ segments, objective }) => `the model has ${segments} segments, but \`${objective}\` gives every token the first one`,
  hint: () => "add a pair (`+ nsp` or `+ sop`), or leave `segments` out",
  page: "Segments tell the two texts of a pair apart. Without a pair the rows of the other segments are never trained; a fine-tuning on pairs would start from random ones.",
  failing: encoderRun("masked", "", undefined, " + segments(2)"),
  fixed: encoderRun("masked + nsp", "", undefined, " + segments(2)"),
});
