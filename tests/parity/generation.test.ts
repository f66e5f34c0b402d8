// Every case of ../shared/goldens/generation with the weights of models/CASE: ids, log-probabilities and scores as transformers has them.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import type { Call } from "../../compiler/plan/schema.ts";
import { backends } from "../../runtime/backends/index.ts";
import type { GeneratedSequence } from "../../runtime/generation/decodings/define.ts";
import { filteredProbabilities, type FilterSettings } from "../../runtime/generation/filters.ts";
import { generate } from "../../runtime/generation/generate.ts";
import { openGenerating } from "../../runtime/generation/model.ts";
import { penalized } from "../../runtime/generation/penalties.ts";
import { openSession } from "../../runtime/session.ts";
import { uploadAll } from "../../runtime/training/parameters.ts";
import { goldens } from "./fixtures.ts";

interface Settings { readonly eos_token_id?: number; readonly num_beams?: number; readonly length_penalty?: number; readonly num_return_sequences?: number; readonly repetition_penalty?: number; readonly no_repeat_ngram_size?: number }
interface Run { readonly settings: Settings; readonly new_ids: readonly number[][]; readonly sequence_scores?: readonly number[]; readonly token_logprobs?: readonly number[][]; readonly top5_ids?: readonly number[][][]; readonly top5_logprobs?: readonly number[][][] }
interface Golden { readonly model: string; readonly prompts: readonly number[][]; readonly max_new_tokens: number; readonly [run: string]: unknown }

const folder = `${goldens}/generation`;
const missing = existsSync(folder) ? "" : ` (skipped: ${folder} is not there; PT_GOLDENS may name it)`;
const json = (file: string): unknown => JSON.parse(readFileSync(`${folder}/${file}`, "utf8"));
const cases = missing ? [] : readdirSync(folder).filter((file) => file.endsWith(".json") && file !== "sampling_filters.json").map((file) => [file.replace(".json", ""), json(file) as Golden] as const);

function decodingOf(settings: Settings): Call {
  const { repetition_penalty = 1, no_repeat_ngram_size = false, num_beams, length_penalty = 1, num_return_sequences = 1 } = settings;
  const common = { repetition_penalty, no_repeat_ngram: no_repeat_ngram_size };
  return num_beams === undefined ? { word: "greedy", arguments: common } : { word: "beam", arguments: { ...common, beams: num_beams, length_penalty, sequences: num_return_sequences } };
}

/** Up to the first end token, which counts; what follows is filler. */
const ended = (ids: readonly number[], end: number | undefined): readonly number[] => (end === undefined || !ids.includes(end) ? ids : ids.slice(0, ids.indexOf(end) + 1));

/** Within float32's noise: sums of a few rounded logarithms, and scores that a negative length penalty multiplies. */
const close = (actual: readonly number[], wanted: readonly number[]): void => {
  expect(actual).toHaveLength(wanted.length);
  actual.forEach((value, i) => expect(Math.abs(value - wanted[i])).toBeLessThan(Math.max(2e-5, 1e-6 * Math.abs(wanted[i]))));
};

for (const backend of ["cpu", "wasm", "native"] as const) {
  const reason = missing ? null : await backends[backend].available();
  describe.skipIf(missing !== "" || reason !== null)(`golden generation on ${backend}${missing || (reason ? ` (skipped: ${reason})` : "")}`, async () => {
    if (missing || reason) return;
    const session = await openSession(backend);
    describe.each(cases)("%s", async (_, golden) => {
      const model = await openGenerating(`${goldens}/${golden.model}`, { cwd: goldens });
      const weights = uploadAll(session, model.weights);
      afterAll(() => session.dispose(weights.values()));
      const runs = Object.entries(golden).filter((entry): entry is [string, Run] => entry[1] !== null && typeof entry[1] === "object" && "new_ids" in (entry[1] as object));
      const texts = async (run: Run, prompts: readonly number[][]): Promise<GeneratedSequence[]> => {
        const { eos_token_id } = run.settings;
        const made = await generate(session, model.source, weights, prompts, { decoding: decodingOf(run.settings), tokens: golden.max_new_tokens, seed: 0, stop: eos_token_id === undefined ? [] : [eos_token_id], alternatives: 5 });
        return made.flat();
      };

      test.each(runs)("%s", async (_, run) => {
        const alive = session.memory();
        const made = await texts(run, golden.prompts);
        expect(made.map(({ ids }) => ids)).toEqual(run.new_ids.map((ids) => ended(ids, run.settings.eos_token_id)));
        if (run.sequence_scores) close(made.map(({ score }) => score), run.sequence_scores);
        if (run.token_logprobs) run.token_logprobs.forEach((wanted, row) => close(made[row].logprobs, wanted));
        run.top5_ids?.forEach((places, row) => places.forEach((ids, at) => {
          const wanted = run.top5_logprobs![row][at];
          close(made[row].alternatives[at].logprobs, wanted);
          // Ids that are closer than float32 tells apart may come in another order.
          if (wanted.every((value, i) => i === 0 || wanted[i - 1] - value > 1e-5)) expect(made[row].alternatives[at].ids).toEqual(ids);
        }));
        expect(session.memory()).toEqual(alive);
      });

      test("each prompt alone gives what the batch gives", async () => {
        const run = runs.find(([name]) => name.startsWith("beam"))![1];
        const together = await texts(run, golden.prompts);
        const alone: GeneratedSequence[] = [];
        for (const prompt of golden.prompts) alone.push(...(await texts(run, [prompt])));
        expect(alone.map(({ ids }) => ids)).toEqual(together.map(({ ids }) => ids));
      });
    });
  });
}

describe.skipIf(missing !== "")(`golden filters and penalties${missing}`, () => {
  interface Filter { readonly logits: (number | null)[]; readonly logits_name: string; readonly settings: FilterSettings; readonly probabilities: number[]; readonly float32_and_float64_agree: boolean }
  interface Penalty { readonly logits: (number | null)[]; readonly history: number[]; readonly settings: { readonly repetition_penalty?: number; readonly no_repeat_ngram_size?: number }; readonly scores: (number | null)[] }
  const { filters, penalties } = missing ? { filters: [], penalties: [] } : (json("sampling_filters.json") as { filters: Filter[]; penalties: Penalty[] });
  const numbers = (values: readonly (number | null)[]): Float64Array => Float64Array.from(values, (value) => value ?? -Infinity);

  // The other cases cut on a rounding tie of float32.
  test.each(filters.filter((one) => one.float32_and_float64_agree).map((one) => [`${one.logits_name} ${JSON.stringify(one.settings)}`, one] as const))("%s", (_, { logits, settings, probabilities }) => {
    const actual = filteredProbabilities(numbers(logits), settings);
    expect(actual.map((p) => Number(p > 0))).toEqual(Float64Array.from(probabilities, (p) => Number(p > 0)));
    actual.forEach((p, i) => expect(Math.abs(p - probabilities[i])).toBeLessThan(1e-9));
  });

  test.each(penalties.map((one) => [JSON.stringify(one.settings), one] as const))("%s", (_, { logits, history, settings, scores }) => {
    const actual = penalized(numbers(logits), history, { repetition_penalty: settings.repetition_penalty ?? null, no_repeat_ngram: settings.no_repeat_ngram_size ?? null });
    const wanted = numbers(scores);
    actual.forEach((score, i) => (Number.isFinite(wanted[i]) ? expect(Math.abs(score - wanted[i])).toBeLessThan(1e-6 * Math.max(1, Math.abs(wanted[i]))) : expect(score).toBe(-Infinity)));
  });
});
