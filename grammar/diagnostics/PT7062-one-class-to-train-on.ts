// PT7062: training data with one class alone.

import { taskExample } from "./_task-example.ts";
import { defineDiagnostic } from "./define.ts";

const columns = 'text: string  label: class(labels: ["no", "yes"])';

export const oneClassToTrainOn = defineDiagnostic<{ readonly label: string; readonly column: string; readonly examples: number }>({
  code: "PT7062",
  slug: "one-class-to-train-on",
  severity: "error",
  title: "training data with one class alone",
  message: ({ label, column, examples }) => `all ${examples} examples to train on have \`${label}\` in \`${column}\``,
  hint: () => "check the files, the split and the number of examples",
  page: "The run has several classes, but the part of the data that it is trained on shows one of them: it would learn to say nothing else.",
  failing: taskExample({ columns }, "text,label\ngood day,yes\ngood night,yes\n"),
  fixed: taskExample({ columns }, "text,label\ngood day,yes\nbad night,no\n"),
});
