// PT5017: a contrastive objective on a model without two towers.

import { defineDiagnostic } from "./define.ts";
import { encoderRun } from "./_objective-example.ts";

export const oneTower = defineDiagnostic<{ objective: string; model: string; missing: string }>({
  code: "PT5017",
  slug: "one-tower",
  severity: "error",
  title: "a contrastive objective on a model without two towers",
  message: ({ objective, model, missing }) => `\`${objective}\` sets images against texts, but \`${model}\` ${missing}`,
  hint: () => "give the model `encoder image { … }` and `encoder text { … }`, and `head contrastive { image { … } text { … } }`",
  page: "A contrastive objective compares the feature of an image with that of a text; each comes from a stack of its own.",
  failing: encoderRun("contrastive"),
  fixed: encoderRun("masked"),
});
