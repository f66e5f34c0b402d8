// PT5120: a mixture of tasks over a mixture of data.

import { defineDiagnostic } from "./define.ts";
import { textSpec } from "./_text-example.ts";

export const taskMixtureData = defineDiagnostic<{ task: string }>({
  code: "PT5120",
  slug: "task-mixture-data",
  severity: "error",
  title: "a mixture of tasks over a mixture of data",
  message: ({ task }) => `this \`${task}\` is an entry of a mixture, and its data is a mixture too`,
  hint: () => "give it one source, `data: NAME`, and write an entry for each source",
  page: "In a mixture of tasks every entry has examples, a share and metrics of its own, so each reads one source: `mixture(text_to_text(…, data: a), 2 * text_to_text(…, data: b))`. A single task may read a mixture of data.",
  failing: textSpec({ data: "mixture(notes, others)", task: 'mixture(text_to_text("{text}" -> "{label}"), text_to_text("{label}" -> "{text}", data: notes))' }),
  fixed: textSpec({ task: 'mixture(text_to_text("{text}" -> "{label}", data: others), text_to_text("{label}" -> "{text}", data: notes))' }),
});
