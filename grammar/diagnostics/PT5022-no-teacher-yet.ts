// PT5022: a teacher, which this version does not train with.

import { defineDiagnostic } from "./define.ts";
import { encoderRun } from "./_objective-example.ts";

export const noTeacherYet = defineDiagnostic<{ word: string }>({
  code: "PT5022",
  slug: "no-teacher-yet",
  severity: "error",
  title: "a teacher, which this version does not train with",
  message: ({ word }) => `\`${word}\` is checked, but this version does not train with a teacher`,
  hint: () => "leave the term out",
  page: "Distillation needs the teacher's forward pass inside the training step. The language has the words; the trainer does not execute them yet, and says so rather than train on something else.",
  failing: encoderRun("masked + 2 * distill(large)", "", undefined, "", encoderRun("masked", "", undefined, "", "", "large")),
  fixed: encoderRun("masked", "", undefined, "", encoderRun("masked", "", undefined, "", "", "large")),
});
