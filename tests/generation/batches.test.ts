// Prompts of different lengths side by side, with caches, against reading each whole text anew: every kind of mask and of positions.

import { describe, expect, test } from "vitest";
import { generatingHead, instancesOf, weightsOf, type Architecture } from "../../compiler/architecture.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import { prefillGraph } from "../../compiler/graphs.ts";
import { callModel } from "../../compiler/model-call.ts";
import type { Call } from "../../compiler/plan/schema.ts";
import { generate } from "../../runtime/generation/generate.ts";
import { logSoftmax } from "../../runtime/generation/logits.ts";
import { sourceOf } from "../../runtime/generation/source.ts";
import { check } from "../../runtime/index.ts";
import { openSession, type Feed, type Handle } from "../../runtime/session.ts";
import { normals } from "../harness/random.ts";

const seed = 11;
const vocab = 13;
const session = await openSession("wasm");

/** `ragged`: prompts of different lengths may share a batch; `apart`: no two prompts share one. */
interface Case { readonly name: string; readonly embed?: string; readonly attention: string; readonly encoder?: string; readonly layer?: string; readonly ragged: boolean; readonly apart?: boolean }

const cases: readonly Case[] = [
  { name: "learned positions", embed: " + learned_positions(24)", attention: "mask: causal", ragged: true },
  { name: "sinusoids", embed: " + sinusoidal_positions()", attention: "mask: causal", ragged: true },
  { name: "rope, grouped heads", attention: "mask: causal, positions: rope, kv_heads: 1", ragged: true },
  { name: "alibi", attention: "mask: causal, positions: alibi", ragged: true },
  { name: "relative bias", attention: "mask: causal, positions: relative_bias(buckets: 8, distance: 12)", ragged: true },
  { name: "a window", attention: "mask: causal & window(3), positions: rope", ragged: true },
  { name: "the prompt as prefix", attention: "mask: prefix, positions: rope", ragged: true },
  { name: "a global first key", attention: "mask: causal & (window(2) | key < 1), positions: rope", ragged: false },
  { name: "every other key", attention: "mask: causal & (key mod 2 == 0 | query == key), positions: rope", ragged: false },
  { name: "experts", attention: "mask: causal, positions: rope", layer: "residual { moe(4, 8, silu) }", ragged: true },
  { name: "experts that drop tokens", attention: "mask: causal, positions: rope", layer: "residual { moe(4, 8, silu, capacity: 4) }", ragged: true, apart: true },
  { name: "beside an encoder", encoder: `encoder { embed: tokens(${vocab}, 8) + learned_positions(24) residual { attention(2, mask: full) } }`, embed: " + learned_positions(24)", attention: "mask: causal", layer: "residual { cross_attention(encoder, 2) }", ragged: true },
];

function architectureOf({ embed = "", attention, encoder = "", layer = "" }: Case): Architecture {
  const called = callModel("small", check(`model small { ${encoder} decoder { embed: tokens(${vocab}, 8)${embed} repeat 2 { residual { rmsnorm attention(2, ${attention}) } ${layer} } rmsnorm } head lm { tied } }\n`));
  if ("diagnostics" in called) throw new Error(called.diagnostics.map((one) => one.message).join("\n"));
  return called.architecture;
}

const prompts = [[3, 1, 4, 1, 5], [9], [2, 6, 5], [8, 9, 7, 9, 3]];

const decodings: readonly Call[] = [{ word: "greedy", arguments: { repetition_penalty: 1.3 } }, { word: "beam", arguments: { beams: 3, sequences: 2 } }];

describe.each(cases)("$name", (one) => {
  const architecture = architectureOf(one);
  const head = generatingHead(architecture.heads)!;
  const start = one.encoder ? 0 : null;
  const source = sourceOf(architecture, head, start);
  const weights = new Map<string, Handle>([...weightsOf(instancesOf(architecture, [head]))].map(({ name, spec }) => [name, session.upload(Float32Array.from(normals(sizeOf(spec.shape), seed, name)), spec.shape)]));

  /** Log-probabilities of the token after a text, by one pass over all of it. */
  const anew = async (prompt: readonly number[], made: readonly number[]): Promise<Float64Array> => {
    const text = one.encoder ? [start!, ...made] : [...prompt, ...made];
    const graph = prefillGraph(architecture, head, { lengthOf: (stack) => (stack === head.stack ? text.length : prompt.length) });
    const feeds = new Map<string, Feed>(weights);
    for (const stack of architecture.stacks) {
      const ids = stack === head.stack ? text : prompt;
      const prefix = architecture.stacks.length > 1 ? `${stack.path}.` : "";
      feeds.set(`${prefix}tokens`, Int32Array.from(ids)).set(`${prefix}positions`, Int32Array.from(ids.keys())).set(`${prefix}real`, new Int32Array(ids.length).fill(1));
      feeds.set(`${prefix}last`, Int32Array.of(ids.length - 1)).set(`${prefix}prefix`, Int32Array.of(prompt.length));
    }
    const results = session.program(graph).run(feeds);
    const logits = await session.read(results.get("logits")!);
    session.dispose(results.values());
    return logSoftmax(logits);
  };

  test("what may share a batch", () => expect([source.ragged, source.most]).toEqual([one.ragged, one.apart ? 1 : Infinity]));

  for (const decoding of decodings) {
    // With a capacity, what is dropped depends on how many tokens are read at once: a text anew is another batch.
    test.skipIf(one.apart)(decoding.word, async () => {
      const alive = session.memory();
      const made = await generate(session, source, weights, prompts, { decoding, tokens: 6, seed: 0 });
      for (const [i, prompt] of prompts.entries()) {
        for (const { ids, logprobs } of made[i]) {
          expect(ids).toHaveLength(6);
          for (const [at, id] of ids.entries()) expect(Math.abs(logprobs[at] - (await anew(prompt, ids.slice(0, at)))[id]), `prompt ${i}, token ${at}`).toBeLessThan(1e-4);
        }
      }
      expect(session.memory()).toEqual(alive);
    });
  }

  test.runIf(one.apart)("a prompt beside others gives what it gives alone", async () => {
    const options = { decoding: { word: "greedy", arguments: {} }, tokens: 6, seed: 0 };
    const made = await generate(session, source, weights, prompts, options);
    for (const [i, prompt] of prompts.entries()) expect((await generate(session, source, weights, [prompt], options))[0]).toEqual(made[i]);
  });
});
