// PT5054: a teacher whose hidden states are of another width.

import { defineDiagnostic } from "./define.ts";
import { taughtRun } from "./_teacher-example.ts";

export const teacherWidth = defineDiagnostic<{ teacher: string; ours: number; theirs: number }>({
  code: "PT5054",
  slug: "teacher-width",
  severity: "error",
  title: "a teacher whose hidden states are of another width",
  message: ({ teacher, ours, theirs }) => `the hidden states of \`${teacher}\` have ${theirs} features, those of this run ${ours}`,
  hint: ({ theirs }) => `make the model ${theirs} wide, or use \`distill\` alone`,
  page: "`match_hidden` is the cosine between the last hidden states of both models, which needs vectors of one space. DistilBERT keeps its teacher's width and drops every other layer.",
  failing: taughtRun("masked + match_hidden(large)", undefined, (text) => text.replace("reader()", "reader(width: 4)")),
  fixed: taughtRun("masked + distill(large)", undefined, (text) => text.replace("reader()", "reader(width: 4)")),
});
