// Costs of a run without its graphs. A model with fewer copies of its repeated layers says what each copy adds, so that a
// grid of depths and widths costs two small graphs a width.

import type { Instance, Step } from "../architecture.ts";
import { walk } from "../architecture.ts";
import type { Context } from "../phases/2-check/context.ts";
import { plainAll } from "../phases/2-check/values.ts";
import { beyondGraphs, exampleCosts, graphKey, grownCosts } from "../phases/6-emit.ts";
import type { PlanCosts } from "../plan/schema.ts";
import type { RunSpec } from "../run-spec.ts";

type Repeat = Extract<Step, { kind: "repeat" }>;

/** Copies that are built at least, each further one adding what the next does: none, or one where copies share what the first of them has, or where a decoder without any would read no encoder. */
function fewestOf({ copies }: Repeat, repeats: readonly Repeat[]): number {
  if (repeats.length > 1) return 1;
  const [first = [], second = []] = copies.map(partsIn);
  const own = new Set(first);
  return second.some((part) => own.has(part)) ? 1 : 0;
}

/** Layers and schemes of a copy, those inside others too. */
function partsIn(copy: readonly Step[]): object[] {
  const inside = (instance: Instance): object[] => [instance, ...Object.values(instance.parts).flatMap((part) => (part.kind === "layer" ? inside(part.instance) : part.kind === "scheme" ? [part.scheme] : []))];
  return [...walk(copy)].flatMap((step) => (step.kind === "layer" ? inside(step.instance) : []));
}

/** `known` holds what runs have in common, between calls. Parameters and FLOPs are the plan's, but for what of a batch does not grow with it; memory is a rough figure. */
export function outlineCosts(run: RunSpec, context: Context, known: Map<string, PlanCosts>): PlanCosts {
  const once = (key: string, make: () => PlanCosts): PlanCosts => {
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  };
  const repeats = repeatsOf(run);
  const extrapolates = run.kind === "pretrain" && !run.teachers.length && repeats.every(({ copies }) => copies.length === 1 || new Set(copies.map((copy) => stepsText(copy, whole, false))).size === 1);
  if (!extrapolates) return grownCosts(once(graphKey(run, context), () => exampleCosts(run)), run);
  const withCopies = (counts: readonly number[]): Numbers => {
    const kept = new Map(repeats.map((repeat, i) => [repeat, counts[i]]));
    return numbersOf(once(keyOf(run, kept), () => exampleCosts(shortened(run, kept))));
  };
  const short = repeats.map((repeat) => fewestOf(repeat, repeats));
  const least = withCopies(short);
  const sum = [...least];
  repeats.forEach(({ copies }, i) => {
    const further = copies.length - short[i];
    if (!further) return;
    const more = withCopies(short.map((count, j) => count + (i === j ? 1 : 0)));
    more.forEach((value, k) => (sum[k] += further * (value - least[k])));
  });
  return grownCosts(fromNumbers(sum), run);
}

/** Repeats that stand in no other. */
function repeatsOf({ architecture }: RunSpec): Repeat[] {
  const outer = [...architecture.stacks.flatMap((stack) => [...walk(stack.body)])].filter((step) => step.kind === "repeat");
  const inner = new Set<Step>(outer.flatMap(({ copies }) => copies.flatMap((copy) => [...walk(copy)])));
  return outer.filter((repeat) => !inner.has(repeat));
}

/** The run with so many copies of these repeats; whatever refers to a stack or a layer refers to the new one. */
function shortened(run: RunSpec, counts: ReadonlyMap<Repeat, number>): RunSpec {
  const copies = new Map<unknown, unknown>();
  const copy = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || isDefinition(value)) return value;
    if (copies.has(value)) return copies.get(value);
    const made: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
    copies.set(value, made);
    const count = counts.get(value as Repeat);
    for (const [key, item] of Object.entries(value)) (made as Record<string, unknown>)[key] = copy(key === "copies" && count !== undefined ? (item as unknown[]).slice(0, count) : item);
    return made;
  };
  const { architecture, heads, layout } = copy({ architecture: run.architecture, heads: run.heads, layout: run.layout }) as Pick<RunSpec, "architecture" | "heads" | "layout">;
  return { ...run, architecture, heads, layout };
}

/** A record of the compiler, with functions: the same in every model. */
const isDefinition = (value: object): boolean => !Array.isArray(value) && Object.values(value).some((item) => typeof item === "function");

const whole: ReadonlyMap<Repeat, number> = new Map();

/** Steps as a text: layers with their arguments, and so many copies of these repeats. `paths`: with those of weights, which tell shared layers apart. */
function stepsText(steps: readonly Step[], kept: ReadonlyMap<Repeat, number>, paths: boolean): string {
  return steps.map((step): string => {
    switch (step.kind) {
      case "layer":
        return `${paths ? step.path : ""} ${instanceText(step.instance, paths)}`;
      case "parallel":
        return `parallel{${stepsText(step.members, kept, paths)}}`;
      case "repeat":
        return `repeat{${step.copies.slice(0, kept.get(step)).map((copy) => stepsText(copy, kept, paths)).join("|")}}`;
      default:
        return `${step.kind}{${stepsText(step.body, kept, paths)}}`;
    }
  }).join(";");
}

function instanceText({ path, definition, args, input, parts }: Instance, paths: boolean): string {
  const inner = Object.values(parts).map((part) => (part.kind === "layer" ? instanceText(part.instance, paths) : part.kind === "scheme" ? `${part.scheme.definition.word}${JSON.stringify(part.scheme.args)}${paths ? part.scheme.path : ""}` : part.stack.path));
  return `${paths ? path : ""}=${definition.word}${JSON.stringify(args)}${input.width}[${inner.join()}]`;
}

/** All of a run that its costs depend on, with so many copies of its repeats. */
function keyOf(run: RunSpec, kept: ReadonlyMap<Repeat, number>): string {
  const { architecture, heads, layout, values, batch, length } = run;
  const fields = Object.fromEntries(Object.entries(values).filter(([name]) => name !== "model" && name !== "optimizer" && !beyondGraphs.includes(name)));
  const { lr, ...optimizer } = run.optimizer.arguments;
  const steps = (body: readonly Step[]): string => stepsText(body, kept, true);
  return [
    ...architecture.stacks.map((stack) => `${stack.path} ${stack.width} ${stack.embed.map((instance) => instanceText(instance, true)).join()} ${steps(stack.body)}`),
    ...heads.map((head) => `${head.name} ${head.stack.path} ${head.width} ${steps(head.body)} ${head.branches.map((branch) => `${branch.stack.path} ${steps(branch.body)}`).join()}`),
    JSON.stringify([layout.lengths, layout.documents, layout.prefix, layout.losses.map((loss) => ({ ...loss, head: loss.head.name })), plainAll(fields), run.optimizer.word, optimizer, typeof lr, batch, length, run.tokenizer.vocab, run.precision]),
  ].join("\n");
}

type Numbers = readonly number[];

function numbersOf({ parameters, flops, memory }: PlanCosts): Numbers {
  return [parameters.total, parameters.trainable, flops.forward_per_token, flops.train_per_token, memory.weights, memory.optimizer, memory.activations, memory.peak];
}

function fromNumbers([total, trainable, forward, train, weights, optimizer, activations, peak]: Numbers): PlanCosts {
  return { parameters: { total, trainable }, flops: { forward_per_token: forward, train_per_token: train, total: null }, memory: { weights, optimizer, activations, peak } };
}
