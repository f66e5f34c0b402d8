// A task on images: the stack that reads them fills the batch, and one head of it learns.

import { incompleteDeclaration } from "../../../grammar/diagnostics/PT3022-incomplete-declaration.ts";
import { missingHead } from "../../../grammar/diagnostics/PT5004-missing-head.ts";
import { otherArchitectureNeeded } from "../../../grammar/diagnostics/PT5012-other-architecture-needed.ts";
import { otherReader } from "../../../grammar/diagnostics/PT5071-other-reader.ts";
import { readsEncoder, type Architecture } from "../../architecture.ts";
import type { LayoutLoss } from "../../layout.ts";
import type { PlanEntry } from "../../objectives/plan.ts";
import { stackSize } from "../../sizes.ts";
import type { Context } from "./context.ts";
import { imageField } from "./image-field.ts";
import type { LaidOut, Subject } from "./layout.ts";
import type { Task } from "./task.ts";
import type { Values } from "./values.ts";

/** What of a model reads images: of two towers the text's, and what compares both, is no part of a run on images alone. */
export function towerOf(architecture: Architecture): Architecture {
  const stacks = architecture.stacks.filter(({ reads }) => reads === "pixels");
  return { ...architecture, stacks, heads: architecture.heads.filter(({ stack, branches }) => !branches.length && stacks.includes(stack)) };
}

/** Positions of an image of the size that the tower reads; null where it reads none. */
export function positionsOf({ stacks: [stack] }: Architecture): number | null {
  return stack ? stackSize(stack, 0).length : null;
}

/** Whether the model can do the task at all: the images or texts of the task's column reach a stack. Reports where not. */
export function checkReader({ image, text, call }: Task, architecture: Architecture, { model, place }: Pick<Subject, "model" | "place">, { sink }: Context): boolean {
  const reads = image === null ? "tokens" : "pixels";
  const stacks = architecture.stacks.filter((stack) => stack.reads === reads);
  if (!stacks.length) sink.report(otherReader, place, { task: text, word: call.word, model, images: image !== null });
  else if (image !== null && (stacks.length > 1 || readsEncoder(stacks[0]))) {
    const why = stacks.length > 1 ? "the task fills one stack of images" : `\`${stacks[0].path}\` reads another stack, which the task does not fill`;
    sink.report(otherArchitectureNeeded, place, { objective: text, architecture: `a model of the stacks ${architecture.stacks.map((stack) => `\`${stack.path}\``).join(", ")}`, why, instead: "use a model with one stack of images, such as `vit`" });
  } else return true;
  return false;
}

/** Fields of texts, written in a run on images: neither would do anything. */
export function checkTextFields(values: Values, architecture: Architecture, context: Context): void {
  const written = (field: string) => (values[field]?.origin.how === "written" ? values[field].origin.place : null);
  const refuse = (field: string, because: string): void => {
    const place = written(field);
    if (place) context.sink.report(incompleteDeclaration, place, { field, because, needs: "leave it out" });
  };
  refuse("length", `counts tokens of a text, and each image has ${positionsOf(towerOf(architecture))} positions, whatever it says`);
  if (architecture.stacks.every(({ reads }) => reads === "pixels")) refuse("tokenizer", "makes ids of a text, and the model reads images alone");
}

/** The task on the tower of images. Null after a report. */
export function layOutImageTask(task: Task, examples: number | null, { architecture, model, data, place }: Subject, { sink }: Context): LaidOut | null {
  const head = architecture.heads.find(({ name }) => name === task.facts.head);
  if (!head) {
    sink.report(missingHead, place, { head: task.facts.head, model, objective: task.text, classes: true });
    return null;
  }
  const images = imageField(architecture, data, task.image!);
  const { prefix, positions: length } = images;
  const kind = task.facts.loss;
  const entry: PlanEntry = {
    name: task.call.word, share: 1, layout: "in_place", frame: { before: [], between: [], after: [], close: [] }, pair: null, task: { call: task.call, examples }, stages: [],
    terms: [{ head: head.name, target: kind, weight: 1 }], lengths: { raw: length, inputs: length, targets: 1 },
  };
  const losses: LayoutLoss[] = [{ head, weight: 1, kind, places: null }];
  return {
    objective: {
      text: task.text, entries: [entry], losses: losses.map(({ head: { name }, ...loss }) => ({ ...loss, head: name })), lessons: [],
      streams: { inputs: { prefix, length, placeholders: [], segments: false }, targets: null, images }, prefix: false,
    },
    layout: { lengths: Object.fromEntries(architecture.stacks.map(({ path }) => [path, length])), documents: false, prefix: false, losses, lessons: [] },
    heads: [head],
  };
}
