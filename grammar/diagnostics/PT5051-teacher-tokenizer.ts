// PT5051: a teacher of another tokenizer.

import { defineDiagnostic } from "./define.ts";
import { taughtRun } from "./_teacher-example.ts";

const other = (text: string): string => `tokenizer shorter { kind: bytes  special: [<pad>, <mask>] }\n${text}`;

export const teacherTokenizer = defineDiagnostic<{ student: string; teacher: string; ours: string; theirs: string }>({
  code: "PT5051",
  slug: "teacher-tokenizer",
  severity: "error",
  title: "a teacher of another tokenizer",
  message: ({ student, teacher, ours, theirs }) => `\`${teacher}\` has another tokenizer than \`${student}\`: \`${theirs}\`, not \`${ours}\``,
  hint: ({ student, theirs }) => `give \`${student}\` the tokenizer \`${theirs}\``,
  page: "A teacher reads the same batch as its student, and the probabilities of its tokens are compared one by one: ids must mean the same to both.",
  failing: taughtRun("masked + distill(large)", undefined, (text) => other(text.replace("tokenizer: letters", "tokenizer: shorter"))),
  fixed: taughtRun("masked + distill(large)"),
});
