// PT7060: a label in held-out data that is no class of the run.

import { taskExample, taskRows } from "./_task-example.ts";
import { quoted } from "./_quoted.ts";
import { defineDiagnostic } from "./define.ts";

const other = { "other.csv": "text,label\ngood rain,maybe\n" };
const right = { "other.csv": "text,label\ngood rain,yes\n" };
const declarations = 'data others { files: "other.csv"  format: csv  columns { text: string  label: class } }\n';

export const unknownLabel = defineDiagnostic<{ readonly label: string; readonly column: string; readonly classes: readonly string[] }>({
  code: "PT7060",
  slug: "unknown-label",
  severity: "error",
  title: "a label in held-out data that training does not have",
  message: ({ label, column }) => `${quoted(label)} of the column \`${column}\` is no class of the run`,
  hint: ({ classes }) => `its classes are ${classes.slice(0, 12).map(quoted).join(", ")}${classes.length > 12 ? ", …" : ""}; mend the row, or name all classes in the training data's column: \`class(labels: […])\``,
  page: "The classes are those of the training files. A held-out example of another class could never be answered rightly; more often it is a misspelling.",
  failing: taskExample({ declarations, more: "evaluate { data: others }" }, taskRows, other),
  fixed: taskExample({ declarations, more: "evaluate { data: others }" }, taskRows, right),
});
