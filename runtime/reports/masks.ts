// The attention masks of rows and runs as pictures, equal ones once.

import { classText } from "../../compiler/show.ts";
import { callMask } from "../../compiler/mask-call.ts";
import type { MaskExpression } from "../../compiler/masks/define.ts";
import { viewModel } from "../../compiler/show.ts";
import { maskText } from "../../compiler/value-text.ts";
import { pictureOf } from "../terminal/mask-picture.ts";
import { maskSvg } from "../terminal/mask-svg.ts";
import { text, type Block } from "./_blocks.ts";
import { labelsText, resolvedSpec, specsOf } from "./_resolved.ts";
import { defineSection } from "./define.ts";
import type { Subject } from "./_subject.ts";

const most = 12;

const colors = { text: "var(--soft)", title: "var(--ink)", ground: "none", cells: "var(--panel)", allowed: "var(--mask)", lines: "var(--paper)", ends: "var(--mask-edge)", edge: "var(--line)" };

export const masks = defineSection({
  title: "Attention masks",
  order: 80,
  applies: ({ kind }) => kind !== "runs",
  blocks: (subject) => {
    const drawn = masksOf(subject);
    const all = subject.kind === "ablation" ? subject.summary.rows.length : 1;
    const figures = drawn.slice(0, most).map(({ mask, where, labels }, i): Block => {
      const named = [maskText(mask), classText(mask)] as const;
      const of = subject.kind === "run" ? "" : `${labelsText(labels, all)}, `;
      return { kind: "figure", name: `mask-${i + 1}`, svg: maskSvg(pictureOf(mask), ...named, colors), caption: `${of}${where}`, alternative: `The mask ${named[0]} (${named[1]}): queries down, keys across`, narrow: true };
    });
    return drawn.length > most ? [text(`The first ${most} of ${drawn.length} different masks.`), ...figures] : figures;
  },
});

interface Drawn { readonly mask: MaskExpression; readonly where: string; readonly labels: readonly string[] }

function masksOf(subject: Subject): Drawn[] {
  const found = new Map<string, { mask: MaskExpression; where: string; labels: string[] }>();
  const add = (mask: MaskExpression, where: string, labels: readonly string[]): void => {
    const key = `${maskText(mask)}\n${where}`;
    const known = found.get(key) ?? { mask, where, labels: [] };
    known.labels.push(...labels);
    found.set(key, known);
  };
  for (const { spec, labels } of specsOf(subject)) {
    const resolved = resolvedSpec(spec);
    if (!resolved) continue;
    const rows = subject.kind === "ablation" ? subject.summary.rows.filter(({ row }) => row.spec === spec) : [];
    const stated = rows[0]?.row.masks ?? [];
    for (const { title, expression } of stated) {
      const called = callMask(expression, resolved.result);
      if ("mask" in called) add(called.mask, title, labels);
    }
    const { run } = resolved;
    if (stated.length || !run) continue;
    for (const { mask, paths } of viewModel(run.architecture, run.heads, run.length).masks) {
      // What a packed batch adds to every mask.
      add(run.pack ? { kind: "and", left: mask, right: { kind: "document" } } : mask, `${paths.length} × attention of ${paths[0].split(".")[0]}`, labels);
    }
  }
  return [...found.values()];
}
