// Whether each head of a run gives what its loss is computed from: a score a token at each place, one a class, or a comparison.

import { unfitHead } from "../../../grammar/diagnostics/PT5031-unfit-head.ts";
import { walk, type Head } from "../../architecture.ts";
import type { LayoutLoss } from "../../layout.ts";
import type { RunSpec } from "../../run-spec.ts";
import type { Context } from "./context.ts";
import { widthOf, type Task } from "./task.ts";

export function checkHeads(run: RunSpec, { sink, catalog }: Context): void {
  for (const loss of run.layout.losses) {
    const classes = run.objective.entries.flatMap((entry) => (entry.pair !== null && entry.terms.some((term) => term.head === loss.head.name && term.target === "class") ? [catalog.objectives.pairs[entry.pair].classes] : []));
    const found = run.task && run.task.facts.width !== "vocabulary" ? taskProblem(loss, run.task) : problemOf(loss, Math.max(0, ...classes), run);
    if (found) sink.report(unfitHead, loss.head.place, { head: loss.head.name, objective: run.objective.text, ...found }, { related: [{ message: "the run is here", place: run.place }] });
  }
}

/** A task's head against what its predictions are read from. */
function taskProblem({ head, kind }: LayoutLoss, task: Task): { problem: string; instead: string } | null {
  if (head.branches.length) return { problem: "it compares two branches", instead: "give it layers of one stack" };
  const { facts: { word }, classes, image } = task;
  const whole = kind === "class" || kind === "number";
  if (whole !== pools(head)) return whole ? { problem: `it keeps the positions, but \`${word}\` is about the whole ${image === null ? "text" : "image"}`, instead: "begin it with `pool(first)`" } : { problem: `it makes one vector of all positions, but \`${word}\` looks at each`, instead: "leave out `pool`" };
  // How many classes there are may only be assumed, until the files are read.
  const width = widthOf(task);
  return head.width === width || classes?.assumed ? null : { problem: `it gives ${head.width} numbers, and \`${word}\` needs ${width}`, instead: `end it with \`dense(${width})\`, or with \`dense(classes)\` and a parameter \`classes\`` };
}

function problemOf({ head, kind }: LayoutLoss, classes: number, { tokenizer: { vocab } }: RunSpec): { problem: string; instead: string } | null {
  if (kind === "contrastive") return head.branches.length ? null : { problem: "it does not compare two branches", instead: "write a branch for each tower, and `cosine`" };
  if (head.branches.length) return { problem: "it compares two branches", instead: "give it layers of one stack" };
  if (kind === "class") {
    if (!pools(head)) return { problem: "it keeps the positions, but the whole text has one class", instead: "begin it with `pool(first)`" };
    return head.width === classes ? null : { problem: `it scores ${head.width} classes, but there are ${classes}`, instead: `end it with \`dense(${classes})\`` };
  }
  if (pools(head)) return { problem: "it makes one vector of all positions, but each position has a loss", instead: "leave out `pool`" };
  // A table that is too small is reported as such, not again in the head that is tied to it.
  return head.width >= vocab || head.width === head.stack.table?.vocab ? null : { problem: `it scores ${head.width} tokens, but the tokenizer has ${vocab}`, instead: "end it with `tied`, or with `dense` of the vocabulary" };
}

function pools({ body }: Head): boolean {
  return [...walk(body)].some((step) => step.kind === "layer" && step.instance.definition.role === "pool");
}
