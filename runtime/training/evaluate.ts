// Held-out data, all of it, in the order of the text: total loss over total count, by head and by entry of a mixture; of tasks also predictions.

import { namedMetrics } from "../../compiler/metric-names.ts";
import type { PlanObjective } from "../../compiler/objectives/plan.ts";
import type { Call, Plan } from "../../compiler/plan/schema.ts";
import { unscorable } from "../../grammar/diagnostics/PT7404-unscorable.ts";
import { fileError } from "../files/user-error.ts";
import { isProblem, type Kind, type MetricDefinition } from "../metrics/define.ts";
import { metrics as knownMetrics } from "../metrics/index.ts";
import type { Given } from "../tasks/define.ts";
import type { Dataset } from "../data/batch.ts";
import { heldOutMetrics } from "../metrics/_held-out.ts";
import type { Totals } from "../metrics/define.ts";
import type { Feed, Handle, Program, Session } from "../session.ts";
import { batchFeeds, examplesOf } from "./feeds.ts";
import type { Tensors } from "./parameters.ts";
import { uploadAll } from "./parameters.ts";
import { joinedSides, recallOf, type Sides } from "./recall.ts";
import type { Question, Write } from "./writing.ts";

/** `loss`; where there are several heads or entries also `mlm.loss`, `s_mode.loss`. */
export type MetricValues = { readonly [metric: string]: number };

/** Totals of one head over the examples of one entry. */
export interface PartTotals extends Totals { readonly entry: string; /** Entry of a mixture of data. */ readonly source?: string | null; readonly head: string; /** Predictions of a task with what is right. */ readonly answers?: readonly Answered[]; /** Of a contrastive head, where they are asked for. */ readonly sides?: Sides }

export interface Answered { readonly prediction: Given; readonly reference: Given; /** What it can be scored as, its own form first. */ readonly kinds: readonly Kind[] }

export interface EvaluateOptions {
  /** For tasks that write texts; null: they are not asked. */
  readonly write?: Write | null;
  /** Weights that the graph reads beside those of the run. */
  readonly fixed?: ReadonlyMap<string, Handle>;
  /** Metrics that are wanted; of comparisons they decide what is kept. */
  readonly calls?: readonly Call[];
}

/** Totals of all held-out examples. `program` is of the plan's evaluation graph; `weights` stay the caller's. */
export async function evaluateTotals(session: Session, program: Program, weights: ReadonlyMap<string, Handle>, data: Dataset, { write = null, fixed, calls = [] }: EvaluateOptions = {}): Promise<PartTotals[]> {
  const compared = calls.some(({ word }) => word === "top_k_recall") && Object.hasOwn(program.graph.outputs, "side:image");
  const examples = examplesOf(program.graph);
  const heads = Object.keys(program.graph.outputs).filter((name) => name.startsWith("sum:")).map((name) => name.slice(4));
  const parts: PartTotals[] = [];
  for (const { name: entry, source, first, count } of data.entries) {
    const answers = new Map(heads.map((head) => [head, [] as Answered[]]));
    const asking = answersOf(data, answers);
    const totals = new Map(heads.map((head) => [head, { nats: 0, count: 0, bytes: 0 }]));
    const sides: Sides[] = [];
    for (let at = first; at < first + count; at += examples) {
      const inside = Math.min(examples, first + count - at);
      const batch = data.ordered(at, inside);
      const results = program.run(new Map<string, Feed>([...weights, ...(fixed ?? []), ...batchFeeds(program.graph, batch, 0)]));
      try {
        for (const head of heads) {
          const sum = totals.get(head)!;
          sum.nats += (await session.read(results.get(`sum:${head}`)!))[0];
          sum.count += batch.counts[head];
          sum.bytes += batch.bytes[head];
          const output = results.get(`output:${head}`);
          if (output) asking.take(head, at, inside, (await session.read(output)) as Float32Array, examples);
        }
        if (compared) {
          const [image, text] = [await session.read(results.get("side:image")!), await session.read(results.get("side:text")!)] as Float32Array[];
          const width = image.length / examples;
          sides.push({ width, image: image.slice(0, inside * width), text: text.slice(0, inside * width) });
        }
      } finally {
        session.dispose(results.values());
      }
    }
    asking.end();
    if (write) await askInWriting(data, first, count, (questions) => write(weights, questions), answers);
    for (const [head, sum] of totals) parts.push({ entry, source, head, ...sum, ...(answers.get(head)!.length ? { answers: answers.get(head)! } : {}), ...(sides.length ? { sides: joinedSides(sides) } : {}) });
  }
  return parts;
}

/** The answers to what the examples ask in writing. */
async function askInWriting(data: Dataset, first: number, count: number, write: (questions: readonly Question[]) => Promise<string[]>, answers: ReadonlyMap<string, Answered[]>): Promise<void> {
  const asked = Array.from({ length: count }, (_, i) => data.asked(first + i)).flatMap((one) => (one?.question ? [{ ...one, question: one.question }] : []));
  if (!asked.length) return;
  const texts = await write(asked.map(({ question }) => question));
  asked.forEach(({ head, reference, kinds }, i) => answers.get(head)!.push({ prediction: texts[i], reference, kinds }));
}

/** Collects what the head gave for the examples of each row, which stand together, and answers the row when it has all. */
function answersOf(data: Dataset, answers: ReadonlyMap<string, Answered[]>): { take: (head: string, first: number, count: number, output: Float32Array, rows: number) => void; end: () => void } {
  let open: { asked: NonNullable<ReturnType<Dataset["asked"]>>; outputs: Float32Array[] } | null = null;
  const end = (): void => {
    if (open?.asked.predict) answers.get(open.asked.head)!.push({ prediction: open.asked.predict(open.outputs), reference: open.asked.reference, kinds: open.asked.kinds });
    open = null;
  };
  return {
    take(head, first, count, output, rows) {
      const size = output.length / rows;
      for (let i = 0; i < count; i++) {
        const asked = data.asked(first + i);
        if (asked?.head !== head) continue;
        if (open?.asked.row !== asked.row) {
          end();
          open = { asked, outputs: [] };
        }
        open!.outputs.push(output.slice(i * size, (i + 1) * size));
      }
    },
    end,
  };
}

/** The weighted sum of the heads' mean losses: what training lowers. */
export function totalLoss(objective: PlanObjective, parts: readonly PartTotals[]): number {
  return objective.losses.reduce((sum, { head, weight }) => {
    const { nats, count } = pooled(parts, (part) => part.head === head);
    return count === 0 ? sum : sum + weight * (nats / count);
  }, 0);
}

/** Targets and bytes that counted, of the heads that predict tokens. */
export function countedTokens({ losses }: PlanObjective, parts: readonly PartTotals[]): { readonly tokens: number; readonly bytes: number } {
  const { count, bytes } = pooled(parts, (part) => losses.some(({ head, kind }) => head === part.head && kind === "tokens"));
  return { tokens: count, bytes };
}

/** Metrics of the whole; of every head where there are several; of every entry of a mixture of objectives, and of data. */
export function metricValues(objective: PlanObjective, parts: readonly PartTotals[], calls: readonly Call[]): MetricValues {
  const { losses, entries } = objective;
  const predictsTokens = (head: string): boolean => losses.some((loss) => loss.head === head && loss.kind === "tokens");
  const comparesSides = (head: string): boolean => losses.some((loss) => loss.head === head && loss.kind === "contrastive");
  const values: Record<string, number> = {};
  const named = namedMetrics(calls);
  const measure = (prefix: string, some: readonly PartTotals[], whole: boolean): void => {
    const tokens = some.filter((part) => predictsTokens(part.head));
    const answers = some.flatMap((part) => part.answers ?? []);
    for (const { name, call: { word, arguments: options } } of named) {
      if (word === "loss") {
        if (pooled(some).count > 0) values[`${prefix}loss`] = whole ? totalLoss(objective, some) : pooled(some).nats / pooled(some).count;
      } else if (Object.hasOwn(heldOutMetrics, word)) {
        if (pooled(tokens).count > 0) values[prefix + name] = heldOutMetrics[word].value(pooled(tokens));
      } else if (word === "top_k_recall") {
        // The sides are those of the examples, which every head has seen: they count once.
        const sides = some.flatMap((part) => (comparesSides(part.head) ? (part.sides ?? []) : []));
        if (sides.length === 0) continue;
        const { image_to_text, text_to_image } = recallOf(joinedSides(sides), options.k as number);
        Object.assign(values, { [prefix + name]: (image_to_text + text_to_image) / 2, [`${prefix}${name}.image_to_text`]: image_to_text, [`${prefix}${name}.text_to_image`]: text_to_image });
      } else if (answers.length > 0) {
        const value = scored(word, answers, options, entries.length > 1);
        if (value !== null) values[prefix + name] = value;
      }
    }
  };
  measure("", parts, losses.length > 1);
  if (losses.length > 1) for (const { head } of losses) measure(`${head}.`, parts.filter((part) => part.head === head), false);
  if (entries.length > 1) for (const { name } of entries) measure(`${name}.`, parts.filter((part) => part.entry === name), losses.length > 1);
  for (const name of new Set(parts.flatMap(({ source }) => source ?? []))) measure(`${name}.`, parts.filter(({ source }) => source === name), losses.length > 1);
  return values;
}

/** Null where the metric has no value. Throws UserError (PT7404) where it cannot be computed; of a mixture it is then the metric of other entries, with other classes. */
function scored(word: string, answers: readonly Answered[], options: Call["arguments"], mixed: boolean): number | null {
  if (!Object.hasOwn(knownMetrics, word)) throw new Error(`no metric \`${word}\``);
  // One of the definitions; the compiler has compared its kind with the task's.
  const metric = knownMetrics[word as keyof typeof knownMetrics] as unknown as MetricDefinition;
  // Of a mixture some tasks may give what the metric takes, and others not: then it has no value of all together.
  if (!answers.every(({ kinds }) => kinds.includes(metric.from))) return null;
  const outcome = metric.compute(answers.map(({ prediction, kinds }) => given(prediction, kinds[0], metric.from)) as never, answers.map(({ reference, kinds }) => given(reference, kinds[0], metric.from)) as never, options);
  if (isProblem(outcome) && mixed) return null;
  if (isProblem(outcome)) throw fileError(unscorable, "", { metric: word, problem: outcome.problem });
  return outcome.value;
}

/** A written text as the label or the number that it names. What is no number is −1, as T5's `string_to_float` has it. */
function given(value: Given, own: Kind, wanted: Kind): Given {
  if (own !== "texts" || wanted === "texts") return value;
  const text = typeof value === "string" ? value : (value as readonly string[])[0];
  if (wanted === "labels") return text;
  return text === "" || !Number.isFinite(Number(text)) ? -1 : Number(text);
}

function pooled(parts: readonly PartTotals[], which: (part: PartTotals) => boolean = () => true): Totals {
  return parts.filter(which).reduce((sum, { nats, count, bytes }) => ({ nats: sum.nats + nats, count: sum.count + count, bytes: sum.bytes + bytes }), { nats: 0, count: 0, bytes: 0 });
}

/** Evaluates given weights on given data, by the metrics' words. */
export async function evaluatePlan(session: Session, plan: Plan, weights: Tensors, data: Dataset, calls: readonly Call[], { write, teachers = new Map() }: { readonly write?: Write | null; /** Weights of the reference of a preference. */ readonly teachers?: Tensors } = {}): Promise<{ readonly metrics: MetricValues; readonly tokens: number; readonly bytes: number }> {
  const handles = uploadAll(session, weights);
  const fixed = uploadAll(session, teachers);
  try {
    const parts = await evaluateTotals(session, session.program(plan.graphs.evaluate), handles, data, { write: asksInWriting(calls) ? (write ?? null) : null, fixed, calls });
    return { metrics: metricValues(plan.objective, parts, calls), ...countedTokens(plan.objective, parts) };
  } finally {
    session.dispose(handles.values());
    session.dispose(fixed.values());
  }
}

/** Whether a metric is about more than losses. */
export function asksInWriting(calls: readonly Call[]): boolean {
  return calls.some(({ word }) => knownMetrics[word as keyof typeof knownMetrics].from !== "losses");
}
