// PT5050: a teacher's loss in an objective that has no positions for it.

import { defineDiagnostic } from "./define.ts";
import { taughtRun } from "./_teacher-example.ts";

export const lessonWithoutPlaces = defineDiagnostic<{ word: string; teacher: string; tokens: boolean }>({
  code: "PT5050",
  slug: "lesson-without-places",
  severity: "error",
  title: "a teacher's loss in an objective that has no positions for it",
  message: ({ word, tokens }) => (tokens ? `\`${word}\` stands beside no loss of tokens` : `\`${word}\` stands alone`),
  hint: ({ word, teacher }) => `add what makes the examples: \`masked + ${word}(${teacher})\``,
  page: "`distill` and `match_hidden` compare a run with its teacher on the same examples. What the examples are, and where tokens are predicted, says another term of the sum: `5 * distill(large) + 2 * masked + match_hidden(large)`. `distill` counts at the positions of that loss, `match_hidden` at every token.",
  failing: taughtRun("distill(large, temperature: 2)"),
  fixed: taughtRun("masked + distill(large, temperature: 2)"),
});
