// The layers of each model, as a picture: what flows through what, top to bottom; equal models once.

import { viewModel, type ModelView } from "../../compiler/show.ts";
import { exact, flops, short } from "../terminal/numbers.ts";
import { architectureSvg } from "./_architecture-svg.ts";
import { text, type Block } from "./_blocks.ts";
import { labelsText, resolvedSpec, specsOf } from "./_resolved.ts";
import { defineSection } from "./define.ts";

const most = 8;

export const architectures = defineSection({
  title: "Architectures",
  order: 70,
  applies: ({ kind }) => kind !== "runs",
  blocks: (subject) => {
    const models = new Map<string, { view: ModelView; labels: string[] }>();
    for (const { spec, labels } of specsOf(subject)) {
      const run = resolvedSpec(spec)?.run;
      if (!run) continue;
      const view = viewModel(run.architecture, run.heads, run.length);
      const key = JSON.stringify(view.sections);
      models.set(key, { view, labels: [...(models.get(key)?.labels ?? []), ...labels] });
    }
    const all = subject.kind === "ablation" ? subject.summary.rows.length : 1;
    const figures = [...models.values()].slice(0, most).map(({ view, labels }, i): Block => ({
      kind: "figure",
      name: `architecture-${i + 1}`,
      svg: architectureSvg(view),
      narrow: view.sections.filter(({ steps }) => steps.some(({ kind }) => kind !== "layer")).length < 2,
      caption: `${subject.kind === "run" ? view.name : `${labelsText(labels, all)}: ${view.name}`}, ${exact(view.parameters)} parameters (${short(view.parameters)}), ${flops(view.flops)} forward a token at ${exact(view.length)} positions.`,
      alternative: `Layers of ${view.name}: ${view.sections.map(({ name, steps }) => `${name} with ${steps.length} steps`).join(", ")}`,
    }));
    return models.size > most ? [text(`The first ${most} of ${models.size} different models.`), ...figures] : figures;
  },
});
