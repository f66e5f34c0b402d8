// What a run learns from others: their terms taken out of the objective, the runs checked, and both against each other.

import { definedByItself } from "../../../grammar/diagnostics/PT2016-defined-by-itself.ts";
import { lessonWithoutPlaces } from "../../../grammar/diagnostics/PT5050-lesson-without-places.ts";
import { teacherHead } from "../../../grammar/diagnostics/PT5053-teacher-head.ts";
import { teacherLayout } from "../../../grammar/diagnostics/PT5052-teacher-layout.ts";
import { teacherTokenizer } from "../../../grammar/diagnostics/PT5051-teacher-tokenizer.ts";
import { teacherWidth } from "../../../grammar/diagnostics/PT5054-teacher-width.ts";
import { wrongCombination } from "../../../grammar/diagnostics/PT5021-wrong-combination.ts";
import type { Place } from "../../../grammar/diagnostics/define.ts";
import { usesLayer } from "../../architecture.ts";
import { counterpart, streamsOf, type Lesson, type Teacher } from "../../layout.ts";
import { teachersOf, objectiveText, type Distill, type MatchHidden, type ObjectiveTree } from "../../objectives/tree.ts";
import type { PlanLayout, PlanLesson, PlanStream } from "../../objectives/plan.ts";
import type { RunSpec } from "../../run-spec.ts";
import { contextOf } from "../../sizes.ts";
import type { Declared } from "../1-resolve/program.ts";
import type { Context } from "./context.ts";
import { layOut, type LaidOut, type Subject } from "./layout.ts";

export interface Taught extends LaidOut { readonly teachers: readonly Teacher[] }

interface Term { readonly weight: number; readonly objective: Distill | MatchHidden }

/** `layOut` with teachers: `checked` gives a run of its declaration, or null after a report. Null after a report. */
export function layOutTaught(tree: ObjectiveTree, subject: Subject, declared: Declared, checked: (teacher: Declared) => RunSpec | null, context: Context): Taught | null {
  const divided = divide(tree, context);
  if (!divided) return null;
  const alone = layOut(divided.own, subject, context);
  if (!divided.terms.length) return alone && { ...alone, teachers: [] };
  const teachers = teachersFor(divided.terms, declared, checked, context);
  if (!alone || !teachers) return null;
  const before = context.sink.errors;
  for (const [{ objective: { place } }, teacher] of teachers) checkTeacher(teacher, place, declared.name, alone, subject, context);
  if (context.sink.errors !== before) return null;
  const taken = new Set(alone.heads.map((head) => head.name));
  const lessons = divided.terms.map((term) => lessonOf(term, teachers.get(term)!, freeName(term.objective.kind, taken), alone, subject, context));
  if (lessons.some((lesson) => lesson === null)) return null;
  const made = lessons.map((lesson) => lesson!);
  const distinct = [...new Set(teachers.values())];
  return { ...alone, layout: { ...alone.layout, lessons: made }, objective: { ...alone.objective, text: objectiveText(tree), lessons: made.map((lesson) => planLesson(lesson, subject)), streams: streamsFor(alone, distinct) }, teachers: distinct };
}

/** The terms that learn from a teacher, and the objective without them. */
function divide(tree: ObjectiveTree, { sink }: Context): { readonly own: ObjectiveTree; readonly terms: readonly Term[] } | null {
  const [first] = teachersOf(tree);
  if (!first) return { own: tree, terms: [] };
  if (tree.kind === "mixture") {
    sink.report(wrongCombination, first.place, { what: `\`${first.kind}\``, where: "a mixture", instead: `learn from a teacher in a run whose objective is a sum: \`masked + ${first.kind}(${first.declared.name})\`` });
    return null;
  }
  const inner = tree.kind === "led_by" ? tree.objective : tree;
  const all = inner.kind === "sum" ? inner.terms : [{ weight: 1, objective: inner }];
  const terms = all.filter((term): term is Term => term.objective.kind === "distill" || term.objective.kind === "match_hidden");
  const rest = all.filter((term) => !(terms as readonly unknown[]).includes(term));
  if (!rest.length) {
    sink.report(lessonWithoutPlaces, first.place, { word: first.kind, teacher: first.declared.name, tokens: false });
    return null;
  }
  const own: ObjectiveTree = rest.length === 1 && rest[0].weight === 1 ? rest[0].objective : { kind: "sum", terms: rest, place: inner.place };
  return { own: tree.kind === "led_by" ? { ...tree, objective: own } : own, terms };
}

/** The runs of the terms, each with each checkpoint once; null after a report. */
function teachersFor(terms: readonly Term[], declared: Declared, checked: (teacher: Declared) => RunSpec | null, context: Context): Map<Term, Teacher> | null {
  if (context.active.has(declared)) {
    context.sink.report(definedByItself, terms[0].objective.place, { name: declared.name });
    return null;
  }
  const found: Teacher[] = [];
  const taken = new Set<string>();
  const byTerm = new Map<Term, Teacher>();
  context.active.add(declared);
  for (const term of terms) {
    const { declared: wanted, checkpoint } = term.objective;
    let teacher = found.find((one) => one.run.declared === wanted && one.checkpoint === checkpoint);
    const run = teacher?.run ?? checked(wanted);
    if (!run) continue;
    if (!teacher) found.push((teacher = { name: freeName(run.name, taken), run, checkpoint }));
    byTerm.set(term, teacher);
  }
  context.active.delete(declared);
  return byTerm.size === terms.length ? byTerm : null;
}

function freeName(wanted: string, taken: Set<string>): string {
  let free = wanted;
  for (let i = 2; taken.has(free); i++) free = `${wanted}_${i}`;
  taken.add(free);
  return free;
}

const layoutTexts: Readonly<Record<PlanLayout, string>> = {
  next: "text of which each token predicts the next",
  in_place: "texts with predictions at their own places",
  one_sequence: "inputs and targets in one sequence",
  two_stacks: "inputs for an encoder and targets for a decoder",
  towers: "images with texts",
};

/** Whether the teacher can read the run's batches. */
function checkTeacher({ run }: Teacher, place: Place, student: string, { objective, layout }: LaidOut, { architecture, tokenizer, tokenizerName }: Subject, { sink }: Context): void {
  if (JSON.stringify(run.tokenizer) !== JSON.stringify(tokenizer)) {
    sink.report(teacherTokenizer, place, { student, teacher: run.name, ours: tokenizerName, theirs: run.tokenizerDeclared?.name ?? "ids" });
    return;
  }
  const [{ layout: ours }] = objective.entries;
  const refuse = (problem: string): void => void sink.report(teacherLayout, place, { teacher: run.name, problem });
  if (ours === "towers") return refuse("two towers have no tokens in common with it");
  if (!run.objective.entries.some((entry) => entry.layout === ours)) return refuse(`it was trained on ${layoutTexts[run.objective.entries[0].layout]}, and \`${student}\` gets ${layoutTexts[ours]}`);
  const { inputs, targets } = streamsOf(architecture);
  for (const stack of targets ? [inputs, targets] : [inputs]) {
    const theirs = counterpart(stack, architecture, run.architecture);
    if (contextOf(theirs) < layout.lengths[stack.path]) return refuse(`its context is ${contextOf(theirs)}, and \`${student}\` has ${layout.lengths[stack.path]} positions`);
  }
}

/** Null after a report. */
function lessonOf({ weight, objective: term }: Term, teacher: Teacher, name: string, { layout }: LaidOut, { architecture }: Subject, { sink }: Context): Lesson | null {
  const { run } = teacher;
  const losses = layout.losses.filter((loss) => loss.kind === "tokens");
  if (term.kind === "match_hidden") {
    const stack = losses[0]?.head.stack ?? streamsOf(architecture).inputs;
    const taught = counterpart(stack, architecture, run.architecture);
    if (stack.width === taught.width) return { kind: term.kind, name, weight, teacher, stack, taught };
    sink.report(teacherWidth, term.place, { teacher: run.name, ours: stack.width, theirs: taught.width });
    return null;
  }
  if (!losses.length) {
    sink.report(lessonWithoutPlaces, term.place, { word: term.kind, teacher: run.name, tokens: true });
    return null;
  }
  const taughtBy = (head: (typeof losses)[number]["head"]) => run.layout.losses.find((loss) => loss.kind === "tokens" && loss.head.name === head.name)?.head;
  const { head } = losses.find((loss) => taughtBy(loss.head)) ?? losses[0];
  const taught = taughtBy(head);
  const problem = !taught
    ? `has no trained head \`${head.name}\``
    : taught.stack !== counterpart(head.stack, architecture, run.architecture)
      ? `has a head \`${head.name}\` that reads \`${taught.stack.path}\``
      : taught.width !== head.width
        ? `tells ${taught.width} tokens apart with its head \`${head.name}\`, not ${head.width}`
        : null;
  if (taught && problem === null) return { kind: term.kind, name, weight, teacher, temperature: term.temperature, head, taught };
  sink.report(teacherHead, term.place, { teacher: run.name, head: head.name, problem: problem! });
  return null;
}

function planLesson(lesson: Lesson, { architecture }: Subject): PlanLesson {
  const { name, kind, weight, teacher } = lesson;
  const common = { name, kind, teacher: teacher.name, weight };
  if (lesson.kind === "distill") return { ...common, temperature: lesson.temperature, head: lesson.head.name, stream: null };
  return { ...common, temperature: null, head: null, stream: lesson.stack === streamsOf(architecture).targets ? "targets" : "inputs" };
}

/** With the fields that only a teacher looks at. */
function streamsFor({ objective: { streams } }: LaidOut, teachers: readonly Teacher[]): LaidOut["objective"]["streams"] {
  const extended = <S extends PlanStream>(stream: S, which: "inputs" | "targets"): S => {
    const looked = teachers.some(({ run }) => {
      const stack = streamsOf(run.architecture)[which];
      return stack !== null && usesLayer(stack, "segments");
    });
    return { ...stream, segments: stream.segments || looked };
  };
  return { inputs: extended(streams.inputs, "inputs"), targets: streams.targets && extended(streams.targets, "targets"), images: streams.images };
}
