// PT4007: a layer in a place for layers of another role.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const wrongPlaceForLayer = defineDiagnostic<{ word: string; role: string; place: string }>({
  code: "PT4007",
  slug: "wrong-place-for-layer",
  severity: "error",
  title: "a layer in a place for layers of another role",
  message: ({ word, role, place }) => `\`${word}\` is ${role}, which cannot stand in ${place}`,
  page: "Embeddings turn ids into features and stand in `embed:`; all other layers work on a stream of features; `pool` stands in heads.",
  failing: tinyModel.replace("residual { rmsnorm mlp(4 * width, gelu) }", "tokens(300, width)"),
  fixed: tinyModel,
});
