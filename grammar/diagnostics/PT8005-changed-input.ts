// Data or tokenizer of a resumed run with another fingerprint.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const changedInput = defineDiagnostic<{ readonly what: "data" | "evaluation data" | "tokenizer"; readonly files: readonly string[]; readonly step: number; readonly folder: string }>({
  code: "PT8005",
  slug: "changed-input",
  severity: "error",
  title: "What a run reads has changed since its last checkpoint.",
  message: (data) => `the ${data.what} of this run is not what it was when step ${data.step} was saved${data.files.length ? `: \`${data.files.join("`, `")}\`` : ""}`,
  hint: (data) => `put the files back, or train into another folder (\`--out\`); nothing in \`${data.folder}\` was changed`,
  page: "A run is resumed only on the data and the tokenizer that it began with: otherwise its checkpoint, its metrics and its plan would speak of different experiments. Their fingerprints are in every checkpoint.",
  // What the code reports cannot be brought about by files alone; the failing example shows the command that meets it. Tested in tests/training/resume.test.ts.
  failing: dataExample(),
  fixed: dataExample(),
});
