// PT5091: a metric that its run does not compute.

import { nearest } from "../nearest.ts";
import { ablationExample } from "./_ablation-example.ts";
import { defineDiagnostic } from "./define.ts";

export const unmeasured = defineDiagnostic<{ run: string; metric: string; known: readonly string[]; row: string | null }>({
  code: "PT5091",
  slug: "unmeasured",
  severity: "error",
  title: "a measure that its run does not compute",
  message: ({ run, metric, row }) => (metric ? `\`${run}\` does not compute \`${metric}\`${row === null ? "" : ` in the row \`${row}\``}` : `\`${run}\` is a run; a measure also names one of its metrics`),
  hint: ({ metric, known }) => {
    const [near] = nearest(metric, known);
    return near ? `did you mean \`${near}\`?` : known.length ? `it computes ${known.map((name) => `\`${name}\``).join(", ")}` : "it computes nothing; give it `evaluate { data: …  metrics: […] }`";
  },
  page: "A measure is a metric among those that its run computes: those of `evaluate` for pretraining, of `metrics` for a fine-tuning and an `evaluate`; of an evaluation also by number of shots, in quotes: `\"translate.4_shot.bleu\"`. With several losses, objectives or sources a metric of one of them is named by it: `valid.loss`.",
  failing: ablationExample({ more: "measure: [bits_per_byte]" }),
  fixed: ablationExample({ more: "measure: [perplexity]" }),
});
