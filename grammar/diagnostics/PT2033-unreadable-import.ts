// PT2033: an imported model where no folder can be read.

import { defineDiagnostic } from "./define.ts";
import { taskSpec } from "./_task-example.ts";

export const unreadableImport = defineDiagnostic<{ folder: string }>({
  code: "PT2033",
  slug: "unreadable-import",
  severity: "error",
  title: "an imported model where no folder can be read",
  message: ({ folder }) => `\`${folder}\` cannot be read here: this text was checked without files`,
  hint: () => "check it with `pt`, or give the library a `folder`",
  page: "`imported(\"models/bert\")` reads the `config.json` of the folder to know the model. A text that is checked alone, as an editor without a folder does, has no files around it.",
  failing: taskSpec({}).replace("finetune sorted {", 'finetune sorted from imported("models/bert") {'),
  fixed: taskSpec({}),
});
