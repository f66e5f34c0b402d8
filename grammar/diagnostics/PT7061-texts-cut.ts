// Texts that are longer than the run's positions.

import { taskExample, taskRows } from "./_task-example.ts";
import { defineDiagnostic } from "./define.ts";

export const textsCut = defineDiagnostic<{ readonly cut: number; readonly examples: number; readonly tokens: number; readonly of: number; readonly length: number; /** Of a mixture. */ readonly task?: string }>({
  code: "PT7061",
  slug: "texts-cut",
  severity: "warning",
  title: "Texts were cut to the length of the run.",
  message: ({ cut, examples, tokens, of, length, task }) => `${task === undefined ? "" : `of the task \`${task}\` `}${cut} of ${examples} examples are longer than ${length} positions: ${tokens} of ${of} tokens are left out`,
  hint: () => "a larger `length` reads more of them",
  page: "The end of a text that does not fit is left out; of a pair, tokens go from whichever text is longer at the moment. The numbers tell how much the model never sees.",
  failing: taskExample({ length: 8 }),
  fixed: taskExample({}, taskRows),
});
