// PT5018: a length in which no example fits.

import { defineDiagnostic } from "./define.ts";
import { encoderRun } from "./_objective-example.ts";

export const noRoom = defineDiagnostic<{ objective: string; length: number }>({
  code: "PT5018",
  slug: "no-room",
  severity: "error",
  title: "a length in which no example fits",
  message: ({ objective, length }) => `an example of \`${objective}\` does not fit into ${length} positions`,
  hint: () => "use a larger `length`",
  page: "Special tokens, sentinels and, in one sequence, the targets take positions besides the text.",
  failing: encoderRun("masked + nsp").replace("length: 16", "length: 3"),
  fixed: encoderRun("masked + nsp"),
});
