// PT8013: a run cannot learn from its teacher.

import { defineDiagnostic } from "./define.ts";
import { taughtRun } from "./_teacher-example.ts";

export const missingTeacher = defineDiagnostic<{ run: string; folder: string; problem: string }>({
  code: "PT8013",
  slug: "missing-teacher",
  severity: "error",
  title: "A run cannot learn from its teacher.",
  message: ({ run, problem }) => `the teacher \`${run}\` cannot be used: ${problem}`,
  hint: ({ folder }) => `it was looked for in \`${folder}\`; \`pt train\` of the spec trains it first`,
  page: "A plan names its teachers by the hashes of their plans. They are looked for beside the run's own folder, and their weights must be those of exactly these plans.",
  failing: { files: { "main.pt": taughtRun("masked + distill(large)") }, command: ["train", "plan-of-a-run-with-a-teacher.json"] },
  fixed: taughtRun("masked + distill(large)"),
});
