// beam: the k best texts by sum of log-probabilities, kept side by side, as Hugging Face's transformers search with early stopping off.
// The score of a text of n new tokens is its sum / n^length_penalty (Wu et al. 2016 divide by another power of the length).

import { largestOf, logSoftmax } from "../logits.ts";
import { penalized } from "../penalties.ts";
import { alternativesOf } from "./_independent.ts";
import { commonFields, defineDecoding, numberOf, penaltiesOf, sequencesField, type Alternatives, type GeneratedSequence, type Search } from "./define.ts";

export const beam = defineDecoding({
  word: "beam",
  doc: "Searches for the likeliest text with so many candidates side by side.",
  parameters: {
    beams: { type: { type: "integer", minimum: 1 }, doc: "candidates", positional: true, required: true },
    ...commonFields,
    length_penalty: { type: { type: "number" }, doc: "exponent of the length that a sum of log-probabilities is divided by; above 0 favours long texts", default: "1" },
    sequences: sequencesField,
  },
  rows: (args) => numberOf(args, "beams") ?? 1,
  problem: (args) => ((numberOf(args, "sequences") ?? 1) > (numberOf(args, "beams") ?? 1) ? "`sequences` are taken from the beams: at most as many" : null),
  begin(args, start): Search {
    const beams = numberOf(args, "beams") ?? 1;
    const exponent = numberOf(args, "length_penalty") ?? 1;
    const penalties = penaltiesOf(args);
    // All rows are equal before the first id: only the first counts.
    let running: Beam[] = Array.from({ length: beams }, (_, i) => ({ ids: [], logprobs: [], alternatives: [], sum: i === 0 ? 0 : never }));
    let finished: Finished[] = [];
    let open = true;
    const scored = (one: Beam): Finished => ({ ...one, score: one.sum / one.ids.length ** exponent });

    /** The best 2k ways to go on, best first. */
    const candidates = (logits: readonly Float32Array[]): Beam[] => {
      const raw = logits.map(logSoftmax);
      const vocab = raw[0].length;
      const sums = new Float64Array(beams * vocab);
      running.forEach(({ ids, sum }, row) => {
        const scores = penalized(raw[row], [...start.history, ...ids], penalties);
        for (let id = 0; id < vocab; id++) sums[row * vocab + id] = sum + scores[id];
      });
      return largestOf(sums, 2 * beams).map((at) => {
        const [row, id] = [Math.floor(at / vocab), at % vocab];
        const { ids, logprobs, alternatives } = running[row];
        const noted = start.alternatives > 0 ? [...alternatives, alternativesOf(logits[row], start.alternatives)] : alternatives;
        return { ids: [...ids, id], logprobs: [...logprobs, raw[row][id]], alternatives: noted, sum: sums[at], row };
      });
    };

    return {
      step(logits) {
        const best = candidates(logits);
        const length = best[0].ids.length;
        const ends = ({ ids }: Beam): boolean => start.stop.includes(ids[length - 1]);
        const full = length >= start.tokens;
        // A text ends only from among the first k; at the last step all of these do.
        const ended = best.slice(0, beams).filter((one) => full || ends(one)).map(scored);
        finished = [...finished, ...ended].sort((a, b) => b.score - a.score).slice(0, beams);
        running = best.filter((one) => !ends(one)).slice(0, beams);
        // With fewer ways than beams (a tiny vocabulary) the places are filled with what cannot win.
        while (running.length < beams) running.push({ ...(running[0] ?? best[0]), sum: never });
        // Done when the best that runs on is no better, at its present length, than the worst of k that are finished.
        open = !full && (finished.length < beams || running[0].sum / length ** exponent > finished[beams - 1].score);
        return open ? running.map(({ row = 0, ids }) => ({ row, id: ids[length - 1] })) : null;
      },
      results() {
        const unfinished = open ? running.filter(({ ids, sum }) => ids.length > 0 && sum > never / 2).map(scored) : [];
        const best = [...finished, ...unfinished].sort((a, b) => b.score - a.score);
        return best.slice(0, numberOf(args, "sequences") ?? 1).map(({ ids, score, logprobs, alternatives }): GeneratedSequence => ({ ids, score, logprobs, alternatives }));
      },
    };
  },
});

/** The sum of a beam that cannot win, as in transformers: far below any text's. */
const never = -1e9;

interface Beam { readonly ids: readonly number[]; readonly logprobs: readonly number[]; readonly alternatives: readonly Alternatives[]; readonly sum: number; /** The row that it goes on from. */ readonly row?: number }
interface Finished extends Beam { readonly score: number }
