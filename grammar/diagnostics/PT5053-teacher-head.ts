// PT5053: a teacher without the head whose soft targets are asked for.

import { defineDiagnostic } from "./define.ts";
import { taughtRun } from "./_teacher-example.ts";

export const teacherHead = defineDiagnostic<{ teacher: string; head: string; problem: string }>({
  code: "PT5053",
  slug: "teacher-head",
  severity: "error",
  title: "a teacher without the head whose soft targets are asked for",
  message: ({ teacher, problem }) => `\`${teacher}\` ${problem}`,
  hint: ({ head }) => `distill from a run that trains \`${head}\` on the same vocabulary, or use \`match_hidden\` alone`,
  page: "`distill` compares the probabilities of the head that the run trains with those of the teacher's head of the same name: it must have been trained, read the same stack, and tell as many tokens apart.",
  failing: taughtRun("masked + distill(large)", (text) => text.replace("objective: masked", "objective: nsp")),
  fixed: taughtRun("masked + match_hidden(large)", (text) => text.replace("objective: masked", "objective: nsp")),
});
