// What a run learns from its teachers, as graph nodes (Sanh et al. 2019, DistilBERT, section 2): soft targets and hidden states.
// B examples, T positions of a stack, K of them with loss, D width, V vocabulary, N = B · T.

import { instancesOf, weightsOf } from "./architecture.ts";
import type { Builder } from "./graph/builder-types.ts";
import type { Graph, Shape, ValueId } from "./graph/node.ts";
import { counterpart, type DistillLesson, type Layout, type MatchHiddenLesson, type Preference, type Teacher } from "./layout.ts";
import type { LossMean, LossSum } from "./losses.ts";
import { forward, type Forward } from "./phases/3-build.ts";
import { stackSize } from "./sizes.ts";

/** Where a teacher's weights stand among the inputs of a graph. */
const teacherPrefix = (name: string): string => `teacher:${name}:`;

export interface TeacherInput { readonly input: string; readonly teacher: string; readonly weight: string; readonly value: ValueId; readonly shape: Shape }

/** The inputs of a graph that are weights of teachers. */
export function teacherInputs(graph: Graph): TeacherInput[] {
  return Object.entries(graph.inputs).flatMap(([input, value]) => {
    const found = /^teacher:([^:]*):(.*)$/.exec(input);
    return found ? [{ input, teacher: found[1], weight: found[2], value, shape: graph.values[value].shape }] : [];
  });
}

/**
 * The mean of each lesson, from inputs `teacher:NAME:WEIGHT` and the batch's own fields. The teachers run without dropout, and nothing
 * flows back into them: only the run's parameters are differentiated for.
 */
export function lessonMeans(pass: Forward, { lessons }: Layout, sums: readonly (LossSum & { readonly count: ValueId })[]): LossMean[] {
  const teachers = new Map<Teacher, Forward>();
  for (const teacher of new Set(lessons.map((lesson) => lesson.teacher))) teachers.set(teacher, teacherPass(pass, teacher, lessons.flatMap((lesson) => (lesson.teacher === teacher && lesson.kind === "distill" ? [lesson] : []))));
  return lessons.map((lesson) => {
    const teacher = teachers.get(lesson.teacher)!;
    const mean = lesson.kind === "distill" ? distilled(pass, teacher, lesson, sums.find(({ loss }) => loss.head === lesson.head)!) : matched(pass, teacher, lesson);
    return { name: lesson.name, weight: lesson.weight, mean };
  });
}

/** The teacher's forward pass beside that of the run: its stacks, and the heads that it teaches. */
function teacherPass(pass: Forward, { name, run: { architecture, heads } }: Teacher, lessons: readonly DistillLesson[]): Forward {
  const { batch, pack, padding, size } = pass.options;
  const stackOf = (stack: Parameters<typeof counterpart>[0]) => counterpart(stack, architecture, pass.architecture);
  return forward(architecture, heads.filter((head) => lessons.some((lesson) => lesson.taught === head)), {
    batch, pack, padding, training: false,
    size: (stack) => stackSize(stack, size(stackOf(stack)).length),
    beside: { pass, weights: teacherPrefix(name), scope: `teacher.${name}.`, stackOf },
  });
}

/**
 * The forward pass of a preference's reference beside that of the run. What the run trains, the reference has as it was, under names of its
 * own; what stays as it was is one input for both.
 */
export function referencePass(pass: Forward, { teacher, architecture, head }: Preference["reference"]): Forward {
  const { batch, pack, padding, size } = pass.options;
  const stackOf = (stack: Parameters<typeof counterpart>[0]) => counterpart(stack, architecture, pass.architecture);
  const shared = new Set([...weightsOf(instancesOf(pass.architecture, pass.heads))].flatMap(({ name, spec }) => (spec.frozen || spec.buffer ? [name] : [])));
  return forward(architecture, [head], {
    batch, pack, padding, training: false,
    size: (stack) => size(stackOf(stack)),
    beside: { pass, weights: teacherPrefix(teacher.name), shared, scope: "reference.", stackOf },
  });
}

/** Over the positions that carry the loss of tokens, each with its weight there; as many count. */
function distilled({ b }: Forward, teacher: Forward, { taught, temperature }: DistillLesson, { rows, count }: LossSum & { readonly count: ValueId }): ValueId {
  const { logits, places, weights } = rows!;
  const x_BTD = teacher.stream(taught.stack);
  const teacherLogits = teacher.head(taught, places === null ? x_BTD : b.at(`teacher.${taught.name}`, () => b.take(x_BTD, places)));
  return b.at("loss", () => b.divide(b.kl_divergence(logits, teacherLogits, weights, { temperature })[0], count));
}

/** The mean of 1 − cosine over the real positions of the whole batch, whose number is an input `NAME.count`. */
function matched(pass: Forward, teacher: Forward, { name, stack, taught }: MatchHiddenLesson): ValueId {
  const { b, options: { batch } } = pass;
  const [x_BTD, y_BTD] = [pass.stream(stack), teacher.stream(taught)];
  const [, length, width] = b.info(x_BTD).shape;
  const shape = [batch * length, 1];
  const real = pass.input(stack, "real", [batch, length]);
  const count = b.input(`${name}.count`, { shape: [], dtype: "float32" });
  return b.at("loss", () => {
    const real_N1 = b.reshape(b.cast_float(real), { shape });
    const cosine_N1 = cosines(b, b.reshape(x_BTD, { shape: [shape[0], width] }), b.reshape(y_BTD, { shape: [shape[0], width] }));
    return b.divide(b.sum_to(b.subtract(real_N1, b.multiply(real_N1, cosine_N1)), { shape: [] }), count);
  });
}

/** Of each row with the row of the same number: [N, 1]. A row of zeros, as padding can be, has cosine 0 (as in torch's CosineEmbeddingLoss). */
function cosines(b: Builder, x_ND: ValueId, y_ND: ValueId): ValueId {
  const shape = [b.info(x_ND).shape[0], 1];
  const sum = (products: ValueId): ValueId => b.sum_to(products, { shape });
  const squared = (rows: ValueId): ValueId => b.add(sum(b.square(rows)), b.constant({ shape: [], value: 1e-12 }));
  return b.divide(sum(b.multiply(x_ND, y_ND)), b.square_root(b.multiply(squared(x_ND), squared(y_ND))));
}
