// Plans of evaluations: the same for the same text, written out whole, and every mistake at its place.

import { describe, expect, test } from "vitest";
import { evaluationSpec } from "../../grammar/diagnostics/_evaluation-example.ts";
import { emitEvaluation } from "../../compiler/phases/emit-evaluation.ts";
import { isEvaluation, type EvaluationPlan } from "../../compiler/plan/evaluation.ts";
import { checkText, codes } from "../harness/compiling.ts";

function evaluationOf(text: string, name = "translate"): EvaluationPlan {
  const result = checkText(text);
  expect(codes(result)).toEqual([]);
  return emitEvaluation(result.evaluations.get(name)!, result.context)!.plan;
}

const split = "split { train: 50%  test: 50% }";
const columns = 'english: string  french: string  label: class(labels: ["0", "1"], names: ["no", "yes"])  options: words';
const cases: Readonly<Record<string, string>> = {
  "by default": evaluationSpec(),
  "shots, reasoning, holes and braces": evaluationSpec({ split, prompt: '"\\{{english}\\}\\t\\\\: " -> "so {french}\\n"', more: 'shots: [4, 0, 4]  separator: "\\n###\\n"  chain_of_thought { pattern: "so (.*)" }  stop: ["\\n"]  limit: 10 examples  seed: 4  decode: beam(2, end: <eos>)' }),
  "choices with holes": evaluationSpec({ columns, prompt: '"{english}: " -> "{label}"', metrics: '[accuracy, f1(positive: "yes")]', more: 'choices: ["{english}", "{french}"]  normalize: tokens' }),
  "a column of choices": evaluationSpec({ columns, metrics: "[accuracy]", more: "choices: options  normalize: bytes" }),
  "a template": `${evaluationSpec({ more: "template: chat" })}template chat { user: "<{content}>\\n"  assistant: "{content}\\u{1}\\n" }\n`,
  "an extension of a checkpoint": `${evaluationSpec({ of: " of small(checkpoint: best)", more: "seed: 3" })}evaluate other extends translate { prompt: "{french}" -> "{english}"  metrics: [bleu] }\n`,
};

describe("evaluation plans", () => {
  for (const [title, text] of Object.entries(cases)) {
    const name = text.includes("evaluate other") ? "other" : "translate";
    test(`${title}: the resolved spec gives the same plan`, () => {
      const plan = evaluationOf(text, name);
      const again = evaluationOf(plan.spec, name);
      expect(again.spec).toBe(plan.spec);
      expect(again).toEqual(plan);
      expect(isEvaluation(JSON.parse(JSON.stringify(plan)))).toBe(true);
      expect(isEvaluation({ ...plan, limit: 3 })).toBe(false);
    });
  }

  test("what a plan holds", () => {
    const plan = evaluationOf(cases["shots, reasoning, holes and braces"]);
    expect(plan).toMatchObject({
      format: 1, kind: "evaluate", name: "translate", of: { run: "small", checkpoint: "last" },
      prompt: { inputs: "\\{{english}}\t\\\\: ", targets: "so {french}\n" },
      shots: { counts: [0, 4], separator: "\n###\n", from: { part: "train" } },
      data: { part: "test" }, choices: null, stop: ["\n"], chain_of_thought: { after: null, pattern: "so (.*)" }, limit: 10, seeds: { run: 4 },
      decode: { word: "beam", arguments: { beams: 2, end: 257 } },
    });
    expect(evaluationOf(cases["choices with holes"]).choices).toEqual({ hole: "label", texts: ["{english}", "{french}"], column: null, right: "class", normalize: "tokens" });
    expect(evaluationOf(cases["a column of choices"]).choices).toEqual({ hole: "french", texts: null, column: "options", right: "text", normalize: "bytes" });
    expect(evaluationOf(cases["a template"])).toMatchObject({ template: { system: null, user: "<{content}>\n" }, stop: ["\u0001\n"], shots: { separator: null } });
    expect(evaluationOf(cases["an extension of a checkpoint"], "other")).toMatchObject({ of: { checkpoint: "best" }, seeds: { run: 3 }, prompt: { inputs: "{french}" } });
  });

  test("the hash changes with what is asked and with the run", () => {
    const hashes = [evaluationSpec(), evaluationSpec({ more: "seed: 1" }), evaluationSpec({ prompt: '"{english}" -> "{french}"' }), evaluationSpec().replace("train: 10 steps", "train: 11 steps")].map((text) => evaluationOf(text).hash);
    expect(new Set(hashes).size).toBe(4);
  });
});

/** A change of the whole example, and the codes that it must give, each with its line and column. */
const mistakes: readonly [string, Parameters<typeof evaluationSpec>[0], readonly string[]][] = [
  ["a hole, inside its string", { prompt: '"English: {englsh}\\n" -> "{french}"' }, ["PT2040 23:21"]],
  ["a hole of the answer", { prompt: '"{english}" -> "{francais}"' }, ["PT2040 23:27"]],
  ["a hole in a choice", { columns, prompt: '"{english}" -> "{label}"', metrics: "[accuracy]", more: 'choices: ["{a}", "{french}"]' }, ["PT2040 25:14"]],
  ["a column of choices that is not there", { columns, metrics: "[accuracy]", more: "choices: option" }, ["PT2040 25:12"]],
  ["a column of choices that is no list", { columns, metrics: "[accuracy]", more: "choices: english" }, ["PT5094 25:12"]],
  ["a prompt without an answer", { prompt: '"{english}"' }, ["PT3004 23:11"]],
  ["a prompt of numbers", { prompt: "3 -> 4" }, ["PT3004 23:11", "PT3004 23:16"]],
  ["two holes for one choice", { metrics: "[accuracy]", prompt: '"" -> "{english}{french}"', more: 'choices: ["a", "b"]' }, ["PT5094 25:12"]],
  ["a choice twice", { metrics: "[accuracy]", more: 'choices: ["a", "a"]' }, ["PT5094 25:12"]],
  ["one choice", { metrics: "[accuracy]", more: 'choices: ["a"]' }, ["PT3005 25:12"]],
  ["choices with holes and an answer that is no class", { metrics: "[accuracy]", more: 'choices: ["{english}", "b"]' }, ["PT5094 25:12"]],
  ["`normalize` without choices", { more: "normalize: tokens" }, ["PT3022 25:3"]],
  ["`decode` and `stop` with choices", { metrics: "[accuracy]", more: 'choices: ["a", "b"]  decode: greedy  stop: ["x"]' }, ["PT3022 25:24", "PT3022 25:40"]],
  ["two ways to find the answer", { more: 'chain_of_thought { after: "so"  pattern: "so (.*)" }' }, ["PT3015 25:3"]],
  ["a pattern that is none", { more: 'chain_of_thought { pattern: "(" }' }, ["PT5095 25:31"]],
  ["beams that give more than they have", { more: "decode: beam(2, sequences: 3)" }, ["PT3023 25:11"]],
  ["an end that the tokenizer lacks", { more: "decode: greedy(end: <sep>)" }, ["PT5003 25:23"]],
  ["shots from data with other columns", { more: "shots: [1]  shots_from: novels" }, ["PT2040 23:21", "PT2040 23:46"]],
  ["a run that is not there", { of: " of smal" }, ["PT2002 21:23"]],
  ["a checkpoint that is none", { of: " of small(checkpoint: first)" }, ["PT3004 21:41"]],
  ["a metric of losses", { metrics: "[perplexity]" }, ["PT5092 24:13"]],
];

describe("mistakes of an evaluation", () => {
  for (const [title, example, wanted] of mistakes) test(title, () => expect(codes(checkText(evaluationSpec(example)))).toEqual(wanted));

  test("names of classes go with labels, one for each", () => {
    const data = (column: string): string => `data d { files: "x.tsv"  format: tsv  columns { text: string  label: ${column} } }\n`;
    expect(codes(checkText(data('class(labels: ["0", "1"], names: ["a", "b"])')))).toEqual([]);
    expect(codes(checkText(data('class(names: ["a", "b"])')))).toEqual(["PT7052 1:70"]);
    expect(codes(checkText(data('class(labels: ["0", "1"], names: ["a"])')))).toEqual(["PT7052 1:70"]);
    expect(codes(checkText(data('class(labels: ["0", "1"], names: ["a", "a"])')))).toEqual(["PT7052 1:70"]);
  });
});
