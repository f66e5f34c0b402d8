// PT5019: packing that an objective does not allow.

import { defineDiagnostic } from "./define.ts";
import { encoderRun } from "./_objective-example.ts";

export const unpackable = defineDiagnostic<{ objective: string; why: string }>({
  code: "PT5019",
  slug: "unpackable",
  severity: "error",
  title: "packing that an objective does not allow",
  message: ({ objective, why }) => `\`${objective}\` cannot be packed: ${why}`,
  hint: () => "use `pack: off`",
  page: "Several documents share a sequence only where each of them is a stretch of it: under `next` and `in_place` targets. A pair has one class for the whole sequence, and inputs and targets of their own have lengths of their own.",
  failing: encoderRun("masked + nsp").replace("length: 16", "length: 16  pack: on"),
  fixed: encoderRun("masked").replace("length: 16", "length: 16  pack: on"),
});
