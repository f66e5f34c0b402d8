// PT5052: a teacher that cannot read the batches of the run.

import { defineDiagnostic } from "./define.ts";
import { taughtRun } from "./_teacher-example.ts";

export const teacherLayout = defineDiagnostic<{ teacher: string; problem: string }>({
  code: "PT5052",
  slug: "teacher-layout",
  severity: "error",
  title: "a teacher that cannot read the batches of the run",
  message: ({ teacher, problem }) => `\`${teacher}\` cannot be the teacher: ${problem}`,
  hint: () => "learn from a run of the same kind of objective, whose context is as long",
  page: "A teacher reads the same inputs as its student, position by position: both predict in place, or both the next token, and so on, and the table of positions of the teacher has a row for each of them. Lengths may differ below that.",
  failing: taughtRun("masked + distill(large)", (text) => text.replace("learned_positions(16)", "learned_positions(8)").replace("length: 16", "length: 8"), (text) => text.replace("reader()", "longer()").replace("pretrain", "model longer(width = 8) { encoder { embed: tokens(260, width) + learned_positions(16)  residual { rmsnorm attention(2, mask: full) } }  head mlm { tied(bias: on) } }\npretrain")),
  fixed: taughtRun("masked + distill(large)", undefined, (text) => text.replace("length: 16", "length: 8")),
});
