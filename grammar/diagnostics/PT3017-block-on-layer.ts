// PT3017: a block after something that takes none.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const blockOnLayer = defineDiagnostic<{ name: string }>({
  code: "PT3017",
  slug: "block-on-layer",
  severity: "error",
  title: "a block after something that takes none",
  message: ({ name }) => `\`${name}\` takes no block`,
  hint: () => "write the layers one after the other",
  page: "Only combinators (`residual`, `parallel`, `sequence`, `repeat`) hold other layers.",
  failing: tinyModel.replace("attention(2, mask: causal)", "{ attention(2, mask: causal) }"),
  fixed: tinyModel,
});
