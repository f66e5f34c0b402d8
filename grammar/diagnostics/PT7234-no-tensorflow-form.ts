// PT7234: an op without a form in TensorFlow.js.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const noTensorflowForm = defineDiagnostic<{ op: string; scope: string }>({
  code: "PT7234",
  slug: "no-tensorflow-form",
  severity: "error",
  title: "A model computes something that TensorFlow.js has no operations for.",
  message: ({ op, scope }) => `\`${op}\`${scope ? ` in \`${scope}\`` : ""} cannot be written as TensorFlow.js operations`,
  page: "A GraphModel holds operations of TensorFlow.js. A few of ours, such as the random bits of dropout, are computed on the host and have no such form; no shipped layer needs one of them outside training.",
  failing: modelExample(),
  fixed: modelExample({ command: ["export", "model", "--to", "tfjs", "--out", "out"] }),
});
