// The objective, the masks, the architecture, the tokenizer, the data and the lengths of a run against each other.

import { lengthOverContext } from "../../../grammar/diagnostics/PT5005-length-over-context.ts";
import { missingToken } from "../../../grammar/diagnostics/PT5003-missing-token.ts";
import { prefixWithoutPrefix } from "../../../grammar/diagnostics/PT5002-prefix-without-prefix.ts";
import { seesTarget } from "../../../grammar/diagnostics/PT5001-sees-target.ts";
import { tableTooSmall } from "../../../grammar/diagnostics/PT5006-table-too-small.ts";
import { unsplitPart } from "../../../grammar/diagnostics/PT5010-unsplit-part.ts";
import { walk, type Instance } from "../../architecture.ts";
import { dependence, looksAhead } from "../../graph/mask.ts";
import type { MaskExpression } from "../../masks/define.ts";
import type { PlanSource } from "../../plan/schema.ts";
import type { RunSpec } from "../../run-spec.ts";
import type { Context } from "./context.ts";

export function crossCheck(run: RunSpec, context: Context): void {
  const { sink } = context;
  for (const stack of new Set(run.heads.map((head) => head.stack))) {
    for (const instance of stack.embed) {
      const rows = instance.definition.context?.(instance.args);
      if (rows !== undefined && rows < run.length) sink.report(lengthOverContext, run.values.length?.origin.place ?? run.place, { length: run.length, context: rows });
    }
    if (stack.table && stack.table.vocab < run.tokenizer.vocab) {
      const { instance } = stack.table;
      sink.report(tableTooSmall, instance.places.vocab ?? instance.place, { table: stack.table.vocab, vocabulary: run.tokenizer.vocab, tokenizer: run.tokenizerDeclared.name });
    }
    const checked = new Set<string>();
    for (const step of walk(stack.body)) {
      const mask = step.kind === "layer" ? (step.instance.args.mask as MaskExpression | undefined) : undefined;
      if (step.kind !== "layer" || !mask) continue;
      const key = JSON.stringify(mask);
      if (!checked.has(key)) checkMask(mask, step.instance, run, context);
      checked.add(key);
    }
  }
  for (const token of run.facts.tokens) {
    if (!run.tokenizer.special.some((special) => special.name === token)) sink.report(missingToken, run.values.objective.origin.place ?? run.place, { token, tokenizer: run.tokenizerDeclared.name, why: `\`${run.objective.word}\` needs` });
  }
  const evaluated = run.evaluation?.data;
  if (evaluated && overlaps(run.data, evaluated)) {
    const section = run.values.evaluate;
    const origin = section?.kind === "section" ? section.fields.data.origin.place : null;
    const source = run.values.data.kind === "data" ? run.values.data.declared.name : "the data";
    sink.report(unsplitPart, origin ?? run.place, { name: source });
  }
}

function checkMask(mask: MaskExpression, instance: Instance, run: RunSpec, { sink }: Context): void {
  if (!run.facts.next) return;
  const place = instance.places.mask ?? instance.place;
  if (dependence(mask).prefix) {
    sink.report(prefixWithoutPrefix, place, { objective: run.objective.word });
    return;
  }
  const ahead = looksAhead(mask, run.length);
  if (ahead) sink.report(seesTarget, place, { layer: instance.path, ...ahead, objective: run.objective.word }, { related: [{ message: "the run is here", place: run.place }] });
}

/** The same files and the same part of them. */
function overlaps(a: PlanSource, b: PlanSource): boolean {
  return a.part === b.part && JSON.stringify([a.files, a.split]) === JSON.stringify([b.files, b.split]);
}
