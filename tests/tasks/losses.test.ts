// The losses and outputs of runs on tasks are those of `pt apply` on the same batch: one mathematics in two graphs.

import { expect, test } from "vitest";
import { applyGraph, applications } from "../../compiler/apply.ts";
import { checkText, planOf } from "../harness/compiling.ts";
import { openSession, type Feed } from "../../runtime/session.ts";
import { batchFeeds } from "../../runtime/training/feeds.ts";
import { openInputs } from "../../runtime/training/inputs.ts";
import { initialParameters } from "../../runtime/training/parameters.ts";
import { architectures, cases, folderOf, specOf } from "./specs.ts";

const close = (a: number, b: number): void => expect(Math.abs(a - b), `${a} and ${b}`).toBeLessThan(1e-5 * Math.max(1, Math.abs(b)));

test.each(architectures.flatMap((architecture) => ["classify", "regress", "tag", "answer"].map((name) => [architecture, name] as const)))("%s: %s", async (architecture, name) => {
  const text = specOf(architecture, cases[name]);
  const [plan, run] = [planOf(text), checkText(text).runs.get("small")!];
  const { data } = await openInputs(plan, { base: folderOf(cases[name]) });
  const batch = data.batch(0, 4);
  const session = await openSession("cpu");
  const weights = [...initialParameters(plan)].map(([weight, { data: values }]): [string, Feed] => [weight, values]);
  const [head] = run.heads;
  const [targets, counted] = ["targets", "weights"].map((field) => batch.fields.get(`${head.name}.${field}`)!);

  const trained = session.program(plan.graphs.train).run(new Map([...weights, ...batchFeeds(plan.graphs.train, batch, 0, { counts: batch.counts })]));
  const mine = (await session.read(trained.get("loss")!))[0];
  const evaluated = session.program(plan.graphs.evaluate).run(new Map([...weights, ...batchFeeds(plan.graphs.evaluate, batch, 0)]));
  close((await session.read(evaluated.get(`sum:${head.name}`)!))[0] / batch.counts[head.name], mine);

  // As transformers has it: -100 where nothing counts.
  const T = plan.objective.streams.inputs.length;
  const labels = (): Int32Array | Float32Array => (name === "regress" ? Float32Array.from(targets.data) : Int32Array.from(targets.data, (target, i) => (counted.data[i] === 0 ? -100 : target)));
  const place = (which: number): Int32Array => Int32Array.from({ length: 4 }, (_, row) => targets.data[2 * row + which]);
  const definition = applications[name];
  const graph = applyGraph(run.architecture, run.heads, definition, { batch: 4, size: () => ({ length: T }), loss: true, gradients: false });
  const asked = definition.feeds(name === "answer" ? { start_positions: place(0), end_positions: place(1) } : { labels: labels() }, { B: 4, T, L: T, V: head.width })!;
  const applied = session.program(graph).run(new Map<string, Feed>([...weights, ...batchFeeds(graph, batch, 0), ...Object.entries(asked)]));
  close((await session.read(applied.get("loss")!))[0], mine);

  const output = await session.read(evaluated.get(`output:${head.name}`)!);
  const theirs = name === "answer" ? await Promise.all(["start_logits", "end_logits"].map((side) => session.read(applied.get(side)!))) : [await session.read(applied.get("logits")!)];
  if (name === "answer") for (let row = 0; row < 4; row++) for (let i = 0; i < T; i++) theirs.forEach((side, which) => close(output[(2 * row + which) * T + i], side[row * T + i]));
  else output.forEach((value, i) => close(value, theirs[0][i]));
});
