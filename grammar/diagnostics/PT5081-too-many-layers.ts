// PT5081: more layers to train than there are.

import { adaptExample } from "./_adapt-example.ts";
import { defineDiagnostic } from "./define.ts";

export const tooManyLayers = defineDiagnostic<{ wanted: number; layers: number }>({
  code: "PT5081",
  slug: "too-many-layers",
  severity: "error",
  title: "more layers to train than there are",
  message: ({ wanted, layers }) => `the last ${wanted} layers are to be trained, and the stack has ${layers}`,
  page: "`adapt: last(n)` trains the last n copies of the innermost `repeat` of the stacks that heads read. To train all of them with the embeddings, write `adapt: everything`.",
  failing: adaptExample("last(3)"),
  fixed: adaptExample("last(2)"),
});
