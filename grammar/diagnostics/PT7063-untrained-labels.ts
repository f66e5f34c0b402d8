// Classes that no training example has.

import { taskExample, taskRows } from "./_task-example.ts";
import { quoted } from "./_quoted.ts";
import { defineDiagnostic } from "./define.ts";

const columns = (labels: string): string => `text: string  label: class(labels: [${labels}])`;

export const untrainedLabels = defineDiagnostic<{ readonly labels: readonly string[]; readonly column: string; readonly first: string | null }>({
  code: "PT7063",
  slug: "untrained-labels",
  severity: "warning",
  title: "Classes that no training example has.",
  message: ({ labels, column, first }) => `no example to train on has ${labels.slice(0, 8).map(quoted).join(", ")}${labels.length > 8 ? ", …" : ""} in \`${column}\`${first === null ? "" : `, but held-out ones do: ${first}`}`,
  hint: () => "the model will not learn to give it",
  page: "A class is among those of the run, by name or because some part of the files has it, but not in the part that is trained on.",
  failing: taskExample({ columns: columns('"no", "yes", "maybe"') }, taskRows),
  fixed: taskExample({ columns: columns('"no", "yes"') }, taskRows),
});
