import { afterAll, expect, test } from "vitest";
import { openSession } from "../../runtime/session.ts";
import type { Feed } from "../../runtime/session.ts";
import { openTokenizer } from "../../runtime/data/tokenizer.ts";
import { generate, generateTexts } from "../../runtime/generation/generate.ts";
import { promptIds } from "../../runtime/generation/prompts.ts";
import { planSource } from "../../runtime/generation/source.ts";
import { initialParameters, uploadAll } from "../../runtime/training/parameters.ts";
import { tinyPlan } from "../training/tiny-plan.ts";

const session = await openSession("wasm");
const plan = tinyPlan({ layers: 2 });
// Weights large enough that the logits differ.
const weights = uploadAll(session, new Map([...initialParameters(plan)].map(([name, { shape, data }]) => [name, { shape, data: data.map((x) => (shape.length > 1 ? 20 * x : x)) }])));
const greedy = { word: "greedy", arguments: {} };
const alive = session.memory();
afterAll(() => session.dispose(weights.values()));

/** The next id by reading everything anew. */
async function greedyFromScratch(ids: readonly number[]): Promise<number> {
  const window = 16;
  const feeds = new Map<string, Feed>(weights);
  const row = (value: (at: number) => number): Int32Array => Int32Array.from({ length: window }, (_, at) => value(at));
  feeds.set("tokens", row((at) => ids[at] ?? 5)).set("positions", row((at) => at)).set("real", row((at) => Number(at < ids.length))).set("last", Int32Array.of(ids.length - 1));
  const results = session.program(plan.graphs.prefill!).run(feeds);
  const logits = await session.read(results.get("logits")!);
  session.dispose(results.values());
  return logits.indexOf(Math.max(...logits));
}

test("the cache gives what reading the whole text gives, also past a full window", async () => {
  const prompt = [10, 20, 30];
  const [[{ ids: made }]] = await generate(session, planSource(plan), weights, [prompt], { decoding: greedy, tokens: 30, seed: 1 });
  expect(made).toHaveLength(30);
  let text = [...prompt];
  for (const id of made) {
    // A window of 16 that is full goes on with its last 8.
    if (text.length === 17) text = text.slice(-8);
    expect(id).toBe(await greedyFromScratch(text));
    text.push(id);
  }
  expect(session.memory()).toEqual(alive);
});

test("a prompt longer than the window, a stop id, and a stream of text", async () => {
  const source = planSource(plan);
  const long = Array.from({ length: 40 }, (_, i) => 50 + i);
  const [[{ ids: [first] }]] = await generate(session, source, weights, [long], { decoding: greedy, tokens: 1, seed: 1 });
  const [[{ ids: stopped }]] = await generate(session, source, weights, [long], { decoding: greedy, tokens: 9, seed: 1, stop: [first] });
  expect(stopped).toEqual([first]);
  const tokenizer = await openTokenizer(plan.tokenizer!, { base: "." });
  const pieces = ["", ""];
  const prompts = ["Call me", "the"].map((prompt) => promptIds(prompt, tokenizer));
  const sampled = { decoding: { word: "sample", arguments: { top_k: 40 } }, tokens: 12, seed: 4 };
  const texts = await generateTexts(session, source, weights, prompts, tokenizer, { ...sampled, onText: (prompt, text) => (pieces[prompt] += text) });
  expect(texts.map(([{ text }]) => text)).toEqual(pieces);
  const again = await generateTexts(session, source, weights, prompts.slice(0, 1), tokenizer, sampled);
  expect(again[0][0].ids).toEqual(texts[0][0].ids);
  const ids = await generateTexts(session, source, weights, [[1, 2, 3]], null, { decoding: greedy, tokens: 3, seed: 4 });
  expect(ids).toMatchObject([[{ text: null }]]);
  expect(session.memory()).toEqual(alive);
});

test("an interruption gives what there is", async () => {
  const stop = new AbortController();
  const done: number[] = [];
  const made = await generate(session, planSource(plan), weights, [[1, 2], [3]], {
    decoding: greedy, tokens: 200, seed: 1, signal: stop.signal,
    onToken: (prompt, id) => {
      if (prompt === 0 && id >= 0 && done.push(id) === 4) stop.abort();
    },
  });
  expect(made[0][0].ids).toEqual(done);
  expect(made[1]).toEqual([]);
  expect(session.memory()).toEqual(alive);
});
