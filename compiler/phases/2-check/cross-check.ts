// The objective, the masks, the architecture, the tokenizer, the data and the lengths of a run against each other.

import { imageChannels } from "../../../grammar/diagnostics/PT5070-image-channels.ts";
import { noImages } from "../../../grammar/diagnostics/PT7041-no-images.ts";
import { lengthOverContext } from "../../../grammar/diagnostics/PT5005-length-over-context.ts";
import { pairsWithoutSegments } from "../../../grammar/diagnostics/PT5016-pairs-without-segments.ts";
import { prefixWithoutPrefix } from "../../../grammar/diagnostics/PT5002-prefix-without-prefix.ts";
import { seesTarget } from "../../../grammar/diagnostics/PT5001-sees-target.ts";
import { segmentsWithoutPairs } from "../../../grammar/diagnostics/PT5015-segments-without-pairs.ts";
import { tableTooSmall } from "../../../grammar/diagnostics/PT5006-table-too-small.ts";
import { unpackable } from "../../../grammar/diagnostics/PT5019-unpackable.ts";
import { unsplitPart } from "../../../grammar/diagnostics/PT5010-unsplit-part.ts";
import { walk, type Instance, type Stack } from "../../architecture.ts";
import { streamsOf } from "../../layout.ts";
import { contextOf } from "../../sizes.ts";
import { dependence, looksAhead } from "../../graph/mask.ts";
import { linesOf, tellingPoints } from "../../graph/mask-lines.ts";
import type { MaskExpression } from "../../masks/define.ts";
import type { PlanImages } from "../../objectives/plan.ts";
import type { PlanSource } from "../../plan/schema.ts";
import { imageColumn, leavesOfSource } from "../../plan/source.ts";
import type { RunSpec } from "../../run-spec.ts";
import type { Context } from "./context.ts";
import { checkHeads } from "./head-fit.ts";

export function crossCheck(run: RunSpec, context: Context): void {
  const { sink } = context;
  const { layout, architecture } = run;
  for (const stack of architecture.stacks) {
    const length = layout.lengths[stack.path];
    const rows = contextOf(stack);
    if (stack.reads === "tokens" && rows < length) sink.report(lengthOverContext, run.values.length?.origin.place ?? run.place, { length, context: rows, ...(length === run.length ? {} : { what: `the targets of \`${run.objective.text}\`` }) });
    if (stack.table && stack.table.vocab < run.tokenizer.vocab) {
      const { instance } = stack.table;
      sink.report(tableTooSmall, instance.places.vocab ?? instance.place, { table: stack.table.vocab, vocabulary: run.tokenizer.vocab, tokenizer: run.tokenizerDeclared?.name ?? "ids" });
    }
    checkSegments(stack, run, context);
    const checked = new Set<string>();
    for (const step of walk(stack.body)) {
      const mask = step.kind === "layer" ? (step.instance.args.mask as MaskExpression | undefined) : undefined;
      if (step.kind !== "layer" || !mask) continue;
      const key = JSON.stringify(mask);
      if (!checked.has(key)) checkMask(mask, step.instance, stack, run, context);
      checked.add(key);
    }
  }
  checkKept(run, context);
  checkHeads(run, context);
  if (run.objective.streams.images) checkImages(run, run.objective.streams.images, context);
  if (run.pack) checkPacking(run, context);
  const evaluated = run.evaluation?.data;
  if (evaluated && overlaps(run.data, evaluated)) {
    const section = run.values.evaluate;
    const origin = section?.kind === "section" ? section.fields.data?.origin.place : null;
    const source = run.values.data.kind === "data" ? run.values.data.declared.name : "the data";
    sink.report(unsplitPart, origin ?? run.place, { name: source });
  }
}

/** No position may see what it, or one that it can ask, has to predict. */
function checkMask(mask: MaskExpression, instance: Instance, stack: Stack, run: RunSpec, { sink, catalog }: Context): void {
  const { inputs, targets } = streamsOf(run.architecture);
  const place = instance.places.mask ?? instance.place;
  const crosses = Object.values(instance.parts).some((part) => part.kind === "stack");
  const objective = run.objective.text;
  const predicts = (entry: RunSpec["objective"]["entries"][number]): boolean =>
    !crosses && ((stack === targets && entry.layout === "two_stacks") || (stack === inputs && (entry.layout === "one_sequence" || entry.terms.some((term) => catalog.objectives.targets[term.target]?.place === "before"))));
  const prefixed = stack === inputs && !targets && run.layout.prefix;
  if (dependence(mask).prefix && !prefixed) {
    sink.report(prefixWithoutPrefix, place, { objective });
    return;
  }
  const length = run.layout.lengths[stack.path];
  const entries = run.objective.entries.filter(predicts);
  // A prefix of one token shows the most of what follows it; a mask may ask for certain lengths of it.
  const named = (linesOf(mask) ?? []).filter((line) => line.prefix !== 0 && line.query === 0 && line.key === 0).map((line) => -line.constant / line.prefix);
  const within = [1, length >> 1, ...(named.length ? tellingPoints(named) : [])].filter((prefix) => prefix >= 1 && prefix < Math.max(2, length));
  const prefixes = new Set(entries.flatMap((entry) => (entry.layout === "one_sequence" ? within : [0])));
  const ahead = looksAhead(mask, length, [...prefixes]);
  if (ahead) sink.report(seesTarget, place, { layer: instance.path, ...ahead, objective, prefix: prefixed }, { related: [{ message: "the run is here", place: run.place }] });
}

/** Whatever the mask, a position has its own input: what is predicted in place may not all stand there. */
function checkKept({ objective, values, place }: RunSpec, { sink, catalog }: Context): void {
  const { targets, inputs } = catalog.objectives;
  const bare = objective.entries.find(({ stages, terms }) => terms.some((term) => targets[term.target]?.place === "same") && stages.every(({ input }) => input.every(({ shows, share }) => share === 0 || inputs[shows]?.itself)));
  if (bare) sink.report(seesTarget, values.objective.origin.place ?? place, { layer: "", query: 0, key: 0, objective: objective.text, kept: true });
}

function checkSegments(stack: Stack, run: RunSpec, { sink }: Context): void {
  const layer = stack.embed.find((instance) => instance.definition.word === "segments");
  const rows = layer?.args.types;
  if (!layer || typeof rows !== "number") return;
  const objective = run.objective.text;
  const paired = run.objective.entries.some((entry) => entry.pair !== null) || (run.task !== null && run.task.texts > 1);
  const place = run.values.objective?.origin.place ?? run.place;
  if (paired && rows < 2) sink.report(pairsWithoutSegments, layer.places.types ?? layer.place, { segments: rows, objective });
  // A model that knows pairs may well be tuned on single texts.
  if (!paired && rows > 1 && !run.task) sink.report(segmentsWithoutPairs, place, { segments: rows, objective });
}

/** Every source of a run of images has a column of them, normalized for the model's channels. */
function checkImages(run: RunSpec, { channels, column: named }: PlanImages, { sink }: Context): void {
  const section = run.values.evaluate;
  const held = section?.kind === "section" ? section.fields.data?.origin.place : undefined;
  for (const [source, place] of [[run.data, run.values.data.origin.place], [run.evaluation?.data, held]] as const) {
    for (const leaf of source ? leavesOfSource(source) : []) {
      const column = leaf.kind === "files" ? imageColumn(leaf, named) : null;
      if (!column) sink.report(noImages, place ?? run.place, { objective: run.objective.text, columns: leaf.kind === "files" ? Object.keys(leaf.columns) : [] });
      else if (![1, channels].includes(column.image.mean.length)) sink.report(imageChannels, place ?? run.place, { column: column.name, values: column.image.mean.length, channels });
    }
  }
}

/** Only stretches of documents share a sequence. */
function checkPacking(run: RunSpec, { sink }: Context): void {
  const place = run.values.pack?.origin.place ?? run.place;
  const paired = run.objective.entries.find((entry) => entry.pair !== null);
  const apart = run.objective.entries.find((entry) => entry.layout === "two_stacks" || entry.layout === "one_sequence");
  const pooled = run.layout.losses.find((loss) => loss.kind !== "tokens");
  const why = paired || pooled ? "a pair has one class for the whole sequence" : apart ? "its inputs and targets are sequences of their own" : null;
  if (why) sink.report(unpackable, place, { objective: run.objective.text, why });
}

/** A file in common, unless both take different parts of one split. */
function overlaps(a: PlanSource, b: PlanSource): boolean {
  return leavesOfSource(a).some((left) => leavesOfSource(b).some((right) => share(left, right)));
}

type Leaf = ReturnType<typeof leavesOfSource>[number];

function share(a: Leaf, b: Leaf): boolean {
  if (a.kind !== "files" || b.kind !== "files") return JSON.stringify(a) === JSON.stringify(b);
  if (!a.files.some((file) => b.files.includes(file))) return false;
  const apart = a.split !== null && JSON.stringify(a.split) === JSON.stringify(b.split) && a.part !== null && b.part !== null && a.part !== b.part;
  return !apart;
}
