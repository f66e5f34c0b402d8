// One training step on a backend: gradients over micro-batches, then the update. Holds weights and optimizer state there.

import { createBuilder } from "../../compiler/graph/builder.ts";
import type { Graph } from "../../compiler/graph/node.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { lossOutputs } from "../../compiler/losses.ts";
import type { Batch } from "../data/fields.ts";
import type { Feed, Handle, Program, Session } from "../session.ts";
import { batchFeeds, examplesOf, randomFeed } from "./feeds.ts";
import type { Tensors } from "./parameters.ts";
import { readAll, uploadAll } from "./parameters.ts";
import { lessonCounts } from "./teachers.ts";

export interface Trainer {
  readonly weights: ReadonlyMap<string, Handle>;
  /** Weights that are used and not trained. */
  readonly fixed: ReadonlyMap<string, Handle>;
  /** Loss of the batch (of each head the sum over counted positions divided by their number, weighted), the heads' own where there are several (null where the batch has nothing for one), and the gradients, which the caller gives to `update` or `discard`. */
  gradients(batch: Batch, step: number, firstExample: number): Promise<{ loss: number; losses: { readonly [head: string]: number | null }; gradients: Map<string, Handle> }>;
  /** Applies gradients and disposes them; gives their norm. Where the norm is not finite nothing is applied. */
  update(gradients: Map<string, Handle>, rate: number, step: number): Promise<number | null>;
  discard(gradients: Map<string, Handle>): void;
  read(): Promise<{ weights: Tensors; optimizer: Tensors }>;
  restore(weights: Tensors, optimizer: Tensors): void;
  dispose(): void;
}

/** `teachers`: weights that are used and not trained, by the names of the train graph's inputs. */
export function createTrainer(session: Session, plan: Plan, weights: Tensors, optimizer: Tensors, teachers: Tensors = new Map()): Trainer {
  const train = session.program(plan.graphs.train);
  const update = session.program(plan.graphs.update);
  const examples = examplesOf(plan.graphs.train);
  const accumulate = examples < plan.batch.examples ? session.program(sumGraph(plan.graphs.train)) : null;
  const statistics = plan.graphs.statistics && session.program(plan.graphs.statistics);
  const fixed = uploadAll(session, teachers);
  let values = uploadAll(session, weights);
  let state = uploadAll(session, optimizer);
  const lossNames = ["loss", ...lossOutputs(plan.graphs.train)];
  const names = { weights: [...weights.keys()], optimizer: [...optimizer.keys()] };
  const stepType = plan.graphs.update.inputs.step === undefined ? "float32" : plan.graphs.update.values[plan.graphs.update.inputs.step].dtype;

  const disposeTrained = (): void => {
    session.dispose(values.values());
    session.dispose(state.values());
  };
  return {
    fixed,
    get weights() {
      return values;
    },
    async gradients(batch, step, firstExample) {
      const losses = new Map(lossNames.map((name) => [name, 0]));
      const found: Readonly<Record<string, number>> = { ...batch.counts, ...lessonCounts(plan, batch) };
      const headOf = (name: string): string => plan.objective.lessons.find((lesson) => lesson.name === name)?.head ?? name;
      const counts = Object.fromEntries(Object.entries(found).map(([head, count]) => [head, Math.max(1, count)]));
      let sums: Map<string, Handle> | null = null;
      const known = statistics ? await totals(session, statistics, batch, (row) => new Map<string, Feed>([...values, ...fixed, ...batchFeeds(statistics.graph, batch, row, { counts, random: randomFeed(plan.seeds.run, step, firstExample + row) })])) : [];
      try {
        for (let row = 0; row < batch.examples; row += examples) {
          const random = randomFeed(plan.seeds.run, step, firstExample + row);
          const results = train.run(new Map<string, Feed>([...values, ...fixed, ...known, ...batchFeeds(plan.graphs.train, batch, row, { counts, random })]));
          const parts = lossNames.map((name) => [name, results.get(name)!] as const);
          for (const name of lossNames) results.delete(name);
          sums = sums === null ? results : added(session, accumulate!, sums, results);
          try {
            for (const [name, part] of parts) losses.set(name, losses.get(name)! + (await session.read(part))[0]);
          } finally {
            session.dispose(parts.map(([, part]) => part));
          }
        }
        return { loss: losses.get("loss")!, losses: Object.fromEntries(lossNames.slice(1).map((name) => [name.slice("loss:".length), name] as const).map(([head, name]) => [head, found[headOf(head)] === 0 ? null : losses.get(name)!])), gradients: sums! };
      } catch (error) {
        if (sums) session.dispose(sums.values());
        throw error;
      }
    },
    async update(gradients, rate, step) {
      const feeds = new Map<string, Feed>([...values, ...state, ...gradients]);
      feeds.set("rate", Float32Array.of(rate));
      feeds.set("step", stepType === "int32" ? Int32Array.of(step) : Float32Array.of(step));
      let results: Map<string, Handle>;
      try {
        results = update.run(feeds);
      } finally {
        session.dispose(gradients.values());
      }
      const normHandle = results.get("gradient_norm");
      results.delete("gradient_norm");
      let norm: number | null = null;
      if (normHandle) {
        norm = (await session.read(normHandle))[0];
        session.dispose(normHandle);
      }
      if (norm !== null && !Number.isFinite(norm)) {
        session.dispose(results.values());
        return norm;
      }
      for (const [name, handle] of results) {
        const map = values.has(name) ? values : state;
        session.dispose(map.get(name)!);
        map.set(name, handle);
      }
      return norm;
    },
    discard: (gradients) => session.dispose(gradients.values()),
    async read() {
      // In the order of the plan, whatever order updates gave them: files are compared byte by byte.
      const ordered = (map: ReadonlyMap<string, Handle>, order: readonly string[]) => new Map(order.map((name) => [name, map.get(name)!]));
      return { weights: await readAll(session, ordered(values, names.weights)), optimizer: await readAll(session, ordered(state, names.optimizer)) };
    },
    restore(newWeights, newState) {
      disposeTrained();
      values = uploadAll(session, newWeights);
      state = uploadAll(session, newState);
    },
    dispose() {
      disposeTrained();
      session.dispose(fixed.values());
    },
  };
}

/** The outputs of a graph, added up over the micro-batches of a batch: numbers of choices, which are whole and small. */
async function totals(session: Session, program: Program, batch: Batch, feedsOf: (row: number) => Map<string, Feed>): Promise<[string, Float32Array][]> {
  const sums = new Map<string, Float32Array>();
  for (let row = 0; row < batch.examples; row += examplesOf(program.graph)) {
    const results = program.run(feedsOf(row));
    try {
      for (const [name, handle] of results) {
        const values = (await session.read(handle)) as Float32Array;
        const sum = sums.get(name);
        if (sum) values.forEach((value, i) => (sum[i] += value));
        else sums.set(name, values.slice());
      }
    } finally {
      session.dispose(results.values());
    }
  }
  return [...sums];
}

/** Adds two sets of gradients and disposes both. */
function added(session: Session, program: Program, a: Map<string, Handle>, b: Map<string, Handle>): Map<string, Handle> {
  try {
    return program.run(new Map([...a].flatMap(([name, handle]) => [[`a:${name}`, handle], [`b:${name}`, b.get(name)!]] as [string, Handle][])));
  } finally {
    session.dispose(a.values());
    session.dispose(b.values());
  }
}

function sumGraph(train: Graph): Graph {
  const b = createBuilder();
  for (const [name, value] of Object.entries(train.outputs)) {
    if (name.startsWith("gradient:")) b.output(name, b.add(b.input(`a:${name}`, train.values[value]), b.input(`b:${name}`, train.values[value])));
  }
  return b.finish();
}
