// Every case of the goldens' metrics: scikit-learn, scipy, sacrebleu, rouge_score, SQuAD, seqeval and perplexity.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mtevalTokens } from "../../runtime/metrics/_mteval.ts";
import { normalizedAnswer } from "../../runtime/metrics/_text.ts";
import { rougeOf } from "../../runtime/metrics/rouge.ts";
import { outcomeOf, score } from "../metrics/score.ts";
import { goldens } from "./fixtures.ts";

const folder = `${goldens}/metrics`;
const missing = !existsSync(folder);
// The files have the format of the goldens' README; no type says more.
const golden = (name: string): any => (missing ? { cases: [], sentences: [], corpora: [] } : JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8")));

/** A golden value, which is null where the library gives nan or refuses. */
type Value = { readonly value: number | null } | number;
const numberOf = (value: Value): number | null => (typeof value === "number" ? value : value.value);

/** The same number to 1e-12; null where the library has none. */
function expectValue(call: string, predictions: readonly unknown[], references: readonly unknown[], value: Value, what = ""): void {
  const wanted = numberOf(value);
  const outcome = outcomeOf(call, predictions, references);
  const got = "problem" in outcome ? null : outcome.value;
  if (wanted === null || got === null) expect(got, `${call} ${what}`).toBe(wanted);
  else expect(Math.abs(got - wanted), `${call} ${what}: ${got}, not ${wanted}`).toBeLessThan(1e-12 * Math.max(1, Math.abs(wanted)));
}

const cases = (list: readonly any[]): (readonly [string, any])[] => list.map((item, i) => [String(i), item] as const);

describe.skipIf(missing)(`metrics${missing ? ` (skipped: no ${folder}; set PT_GOLDENS)` : ""}`, () => {
  test.each(cases(golden("classification").cases))("classification %s", (_, { y_true, y_pred, metrics }) => {
    for (const [name, value] of Object.entries(metrics as Record<string, Value>)) {
      // `pt score` refuses what is empty before it computes anything; without a label nothing is defined.
      if (y_true.length === 0) expect(numberOf(value)).toBeNull();
      else {
        const [word, average] = name.split("_");
        expectValue(average ? `${word}(average: ${average})` : word, y_pred, y_true, value, JSON.stringify({ y_true, y_pred }));
      }
    }
  });

  test.each(cases(golden("correlation").cases))("correlation %s", (_, { x, y, pearson, spearman }) => {
    if (x.length === 0) expect([numberOf(pearson), numberOf(spearman)]).toEqual([null, null]);
    else for (const [word, value] of Object.entries({ pearson, spearman })) expectValue(word, x, y, value, JSON.stringify({ x, y }));
  });

  test.each(cases(golden("bleu").sentences))("bleu sentence %s", (_, { hypothesis, references, tokens_13a, sentence_bleu, as_corpus }) => {
    expect(mtevalTokens(hypothesis.trimEnd()).join(" ")).toBe(tokens_13a);
    expectValue("bleu(level: sentence)", [hypothesis], [references], sentence_bleu.score);
    expectBleu("bleu", [hypothesis], [references], as_corpus);
  });

  test.each(cases(golden("bleu").corpora))("bleu corpus %s", (_, { hypotheses, reference_streams, lowercase, ...expected }) => {
    const references = hypotheses.map((__: string, i: number) => reference_streams.map((stream: string[]) => stream[i]));
    expectBleu(`bleu(lowercase: ${lowercase ? "on" : "off"})`, hypotheses, references, expected);
  });

  function expectBleu(call: string, predictions: string[], references: string[][], { score: wanted, precisions, counts, totals, bp, sys_len, ref_len }: any): void {
    expectValue(call, predictions, references, wanted);
    const details = score(call, predictions, references).details as any;
    expect(details).toMatchObject({ matches: counts, totals, predicted: sys_len, right: ref_len });
    expect(details.brevity).toBeCloseTo(bp, 12);
    precisions.forEach((precision: number, i: number) => expect(details.precisions[i]).toBeCloseTo(precision, 11));
  }

  test.each(cases(golden("rouge").cases))("rouge %s", (_, { prediction, reference, plain, stemmed }) => {
    const types = { rouge1: 1, rouge2: 2, rougeL: "l", rougeLsum: "lsum" } as const;
    for (const [stemmer, wanted] of [["off", plain], ["on", stemmed]] as const) {
      for (const [name, type] of Object.entries(types)) {
        expectValue(`rouge(type: ${type}, stemmer: ${stemmer})`, [prediction], [reference], wanted[name].f1, JSON.stringify({ prediction, reference }));
        const rouge = rougeOf(prediction, reference, type, stemmer === "on");
        for (const key of ["precision", "recall", "f1"] as const) expect(rouge[key]).toBeCloseTo(wanted[name][key], 12);
      }
    }
  });

  test("squad", () => {
    const { cases: all, mean_exact_match, mean_f1 } = golden("squad");
    for (const { prediction, references, normalised_prediction, normalised_references, exact_match, f1 } of all) {
      expect(normalizedAnswer(prediction)).toBe(normalised_prediction);
      expect(references.map(normalizedAnswer)).toEqual(normalised_references);
      expectValue("exact_match", [prediction], [references], exact_match, prediction);
      expectValue("squad_f1", [prediction], [references], f1, prediction);
    }
    const [predictions, references] = [all.map((one: any) => one.prediction), all.map((one: any) => one.references)];
    expectValue("exact_match", predictions, references, mean_exact_match);
    expectValue("squad_f1", predictions, references, mean_f1);
  });

  test.each(cases(golden("seqeval").cases))("seqeval %s", (_, { y_true, y_pred, default: conll, strict_iob2, accuracy, per_type }) => {
    const what = JSON.stringify({ y_true, y_pred });
    for (const [scheme, wanted] of [["conll", conll], ["iob2", strict_iob2]]) {
      expectValue(`tagging_f1(scheme: ${scheme})`, y_pred, y_true, wanted.f1, what);
      expectValue(`tagging_f1(average: macro, scheme: ${scheme})`, y_pred, y_true, wanted.f1_macro, what);
      const details = score(`tagging_f1(scheme: ${scheme})`, y_pred, y_true).details as Record<string, number>;
      expect(details.precision).toBeCloseTo(wanted.precision.value, 12);
      expect(details.recall).toBeCloseTo(wanted.recall.value, 12);
    }
    expectValue("tagging_accuracy", y_pred, y_true, accuracy, what);
    const types = (score("tagging_f1", y_pred, y_true).details as any).types;
    expect(Object.keys(types).sort()).toEqual(Object.keys(per_type).sort());
    for (const [type, wanted] of Object.entries<any>(per_type)) {
      for (const [ours, theirs] of [["precision", "precision"], ["recall", "recall"], ["f1", "f1-score"], ["support", "support"]]) expect(types[type][ours]).toBeCloseTo(wanted[theirs], 12);
    }
  });

  const lossesOf = ({ token_nll, mask }: { token_nll: number[]; mask: number[] }): (number | null)[] => token_nll.map((loss, i) => (mask[i] ? loss : null));
  test.each(cases(golden("perplexity").cases))("perplexity %s", (_, item) => {
    const pairs = { loss: item.mean_nll, perplexity: item.perplexity, bits_per_byte: item.bits_per_byte, byte_perplexity: item.byte_perplexity };
    for (const [word, value] of Object.entries(pairs)) expectValue(word, [lossesOf(item)], [item.text], { value });
  });

  test("perplexity, pooled", () => {
    const { cases: all, corpus } = golden("perplexity");
    const counted = all.filter((item: any) => item.tokens > 0);
    for (const word of ["perplexity", "bits_per_byte"]) expectValue(word, counted.map(lossesOf), counted.map((item: any) => item.text), corpus[word]);
  });
});
