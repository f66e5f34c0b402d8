// Likelihoods of choices against brute force: the evaluation graph of a plan, over each prompt with each choice.

import { describe, expect, test } from "vitest";
import { sizeOf } from "../../compiler/graph/node.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { keptGraphs, keptPrograms } from "../../runtime/evaluation/graphs.ts";
import { rankChoices, type Ranking } from "../../runtime/evaluation/likelihood.ts";
import { generatingHead } from "../../compiler/architecture.ts";
import { sourceOf } from "../../runtime/generation/source.ts";
import { openSession, type Feed } from "../../runtime/session.ts";
import { initialParameters, uploadAll } from "../../runtime/training/parameters.ts";
import { checkText, planOf } from "../harness/compiling.ts";

const block = (attention: string): string => `residual { rmsnorm attention(2, ${attention}) } residual { rmsnorm mlp(16, gelu) }`;
const run = (name: string, model: string, objective: string): string => `pretrain ${name} { model: ${model}()  tokenizer: letters  data: texts  objective: ${objective}  length: 40  batch: 2 examples  train: 1 steps  optimizer: adamw(lr: 1e-3)  seed: 5 }\n`;
const spec = `data texts { files: "a.txt" }
tokenizer letters { kind: bytes  special: [<pad>, <eos>]  sentinels: 4 }
model left(vocab, width = 8) { decoder { embed: tokens(vocab, width) + learned_positions(48)  repeat 2 { ${block("mask: causal")} } rmsnorm } head lm { dense(vocab) } }
model prefixed(vocab, width = 8) { decoder { embed: tokens(vocab, width)  ${block("mask: causal, positions: rope")} } head lm { dense(vocab) } }
model both(vocab, width = 8) {
  encoder { embed: tokens(vocab, width) + learned_positions(64)  ${block("mask: full")} }
  decoder { embed: tokens(vocab, width) + learned_positions(64)  start: <pad>  ${block("mask: causal")} residual { rmsnorm cross_attention(encoder, 2) } }
  head lm { dense(vocab) }
}
${run("left_run", "left", "causal_lm")}${run("rope_run", "prefixed", "causal_lm")}${run("both_run", "both", "span_corruption")}`;

const ids = (text: string): number[] => [...Buffer.from(text)];
const rankings: Ranking[] = [
  { prompt: ids("Q: one\nA:"), choices: [" un", " deux", " x"].map(ids) },
  { prompt: ids("a"), choices: [" yes", " no"].map(ids) },
  { prompt: ids("A much longer question"), choices: ["1", "22", "333", "4444"].map(ids) },
];

/** Minus the summed loss of a choice behind its prompt, by the plan's evaluation graph. */
async function bruteForce(plan: Plan, weights: ReadonlyMap<string, Feed>, session: Awaited<ReturnType<typeof openSession>>, prompt: readonly number[], choice: readonly number[]): Promise<number> {
  const graph = plan.graphs.evaluate;
  const { inputs, targets } = plan.objective.streams;
  const feeds = new Map<string, Feed>(weights);
  for (const [name, value] of Object.entries(graph.inputs)) {
    const { shape, dtype } = graph.values[value];
    if (!feeds.has(name)) feeds.set(name, dtype === "int32" ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape)));
  }
  const put = (name: string, values: readonly number[], at = 0): void => (feeds.get(name) as Int32Array | undefined)?.set(values, at);
  const stream = (prefix: string, tokens: readonly number[]): void => {
    put(`${prefix}tokens`, tokens);
    put(`${prefix}positions`, tokens.map((_, i) => i));
    put(`${prefix}real`, tokens.map(() => 1));
  };
  const first = targets ? 0 : prompt.length - 1;
  if (targets) {
    stream(inputs.prefix, prompt);
    stream(targets.prefix, [targets.start, ...choice.slice(0, -1)]);
  } else stream(inputs.prefix, [...prompt, ...choice.slice(0, -1)]);
  put("lm.targets", choice, first);
  put("lm.weights", choice.map(() => 1), first);
  const results = session.program(graph).run(feeds);
  const [sum] = await session.read(results.get("sum:lm")!);
  session.dispose(results.values());
  return -sum;
}

describe("likelihoods of choices", () => {
  for (const name of ["left_run", "rope_run", "both_run"]) {
    test(`${name}: as the evaluation graph has them, together and alone`, async () => {
      const plan = planOf(spec, { run: name });
      const { architecture, heads } = checkText(spec).runs.get(name)!;
      const session = keptPrograms(await openSession("cpu"));
      const weights = uploadAll(session, initialParameters(plan));
      const head = generatingHead(heads)!;
      const source = keptGraphs(sourceOf(architecture, head, plan.objective.streams.targets?.start ?? null, (stack) => (stack === head.stack && plan.objective.streams.targets ? plan.objective.streams.targets.length : plan.objective.streams.inputs.length)));
      const together = await rankChoices(session, source, weights, rankings);
      expect(together.map((one) => one.length)).toEqual([3, 2, 4]);
      for (const [i, { prompt, choices }] of rankings.entries()) {
        const [alone] = await rankChoices(session, source, weights, [rankings[i]]);
        for (const [j, choice] of choices.entries()) {
          const wanted = await bruteForce(plan, weights, session, prompt, choice);
          expect(wanted).toBeLessThan(-1);
          expect(together[i][j]).toBeCloseTo(wanted, 3);
          expect(alone[j]).toBeCloseTo(together[i][j], 4);
        }
      }
      session.dispose(weights.values());
    });
  }
});
