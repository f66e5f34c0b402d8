// What each row changes against the baseline, and the resolved text of every run.

import { code, text, type Block } from "./_blocks.ts";
import { labelsText, specsOf } from "./_resolved.ts";
import { defineSection } from "./define.ts";

export const specs = defineSection({
  title: "Specifications",
  order: 100,
  applies: (subject) => specsOf(subject).length > 0 || (subject.kind === "ablation" && subject.summary.result.spec !== ""),
  blocks: (subject) => {
    if (subject.kind === "run") return specsOf(subject).map(({ spec }): Block => ({ kind: "details", summary: "The resolved text: all that the run is, every value written out", blocks: [{ kind: "code", text: spec, language: "pt" }] }));
    if (subject.kind !== "ablation") return [];
    const { rows, result } = subject.summary;
    const changed = rows.flatMap(({ row }) => row.changes.map(({ path, from, to }, i) => ({ cells: [i === 0 ? row.label : "", path, from, to] })));
    return [
      ...(result.spec ? [{ kind: "details", summary: `The file: ${result.file}`, blocks: [{ kind: "code", text: result.spec, language: "pt" }] } as const] : []),
      ...(changed.length ? [{ kind: "table", caption: "What each row changes, by meaning, against the resolved baseline.", columns: [{ title: "row" }, { title: "field" }, { title: "baseline" }, { title: "here" }], rows: changed } as const] : [text("No row changes anything against the baseline.")]),
      text("Resolved texts are complete: ", code("pt train"), " of one is the run of its row, with the first seed."),
      ...specsOf(subject).map(({ spec, labels }): Block => ({ kind: "details", summary: `Resolved: ${labelsText(labels, rows.length)}`, blocks: [{ kind: "code", text: spec, language: "pt" }] })),
    ];
  },
});
