// Objectives as the language writes them: names, arguments, sums, shares, mixtures, and what is refused where.

import { describe, expect, test } from "vitest";
import { encoderRun, sequenceRun } from "../../grammar/diagnostics/_objective-example.ts";
import { sampleSpec } from "../../compiler/objectives/table.ts";
import { checkText, planOf } from "../harness/compiling.ts";

const codes = (text: string): string[] => [...new Set(checkText(text).diagnostics.map((one) => one.code))];
const objectiveOf = (text: string) => planOf(text).objective;
const t5 = (objective: string, length = 512, sentinels = 200): string => `import { t5 } from "ptarmigan/t5.pt"
data d { files: "x/*.txt" }
tokenizer t { kind: bytes  special: [<pad>, <unk>, <cls>, <sep>, <mask>, <eos>, <r_mode>, <s_mode>, <x_mode>]  sentinels: ${sentinels} }
pretrain small { model: t5(layers: 1, width: 16, heads: 2)  tokenizer: t  data: d  objective: ${objective}  length: ${length}  batch: 1 examples  train: 1 steps  optimizer: adamw(lr: 1e-3) }
`;

describe("an input that keeps everything", () => {
  const own = (input: string, target = "in_place"): string[] => codes(encoderRun("own", `objective own { noise: tokens(15%)  input: ${input}  target: ${target} }\n`));
  test("shows a prediction in place its own target", () => {
    expect(own("keep")).toEqual(["PT5001"]);
    expect(own("50% * keep + 50% * keep")).toEqual(["PT5001"]);
    expect(own("90% * keep + 10% * random")).toEqual([]);
    expect(own("<mask>")).toEqual([]);
  });
});

describe("lengths", () => {
  test("15 %, mean 3, 512 inputs with <eos>: 568 tokens of text, 114 targets", () => {
    expect(planOf(t5("span_corruption")).lengths).toEqual({ raw: 568, inputs: 512, targets: 114 });
  });
  test("the decoder gets as many positions as its targets, and loss at all of them", () => {
    const plan = planOf(t5("span_corruption"));
    const { train } = plan.graphs;
    expect(train.values[train.inputs["decoder.tokens"]].shape).toEqual([1, 114]);
    expect(train.values[train.inputs["encoder.tokens"]].shape).toEqual([1, 512]);
    expect(plan.objective.losses).toEqual([{ head: "lm", weight: 1, kind: "tokens", places: null }]);
  });
  test("masked: the head sees only the positions with loss", () => {
    const { graphs, objective } = planOf(encoderRun("masked"));
    expect(objective.losses).toEqual([{ head: "mlm", weight: 1, kind: "tokens", places: 2 }]);
    expect(graphs.train.values[graphs.train.inputs["mlm.places"]].shape[1]).toBe(2);
  });
  test("one sequence: inputs and targets share the positions", () => {
    const { lengths, objective } = planOf(sequenceRun("span_corruption", "sentinels: 20"));
    // 24 tokens: 20 kept and 1 sentinel and <eos>, 4 noised and 2 sentinels: 28; 32 positions hold 33 of them.
    const noised = Math.max(1, Math.round(0.15 * lengths.raw));
    expect(lengths.inputs + lengths.targets).toBeLessThanOrEqual(33);
    expect(lengths.targets).toBeGreaterThan(noised);
    expect([objective.entries[0].layout, objective.prefix, objective.losses[0].places]).toEqual(["one_sequence", true, lengths.targets]);
  });
  test("more sentinels than the tokenizer has are refused, by the worst case", () => {
    expect(codes(t5("span_corruption", 512, 28))).toEqual(["PT5013"]);
    expect(codes(t5("span_corruption", 512, 29))).toEqual([]);
    expect(codes(t5("replace_spans", 512, 29))).toEqual(["PT5013"]);
  });
});

describe("writing objectives", () => {
  const mine = "objective mine(rate = 20%) { noise: whole_words(rate)  input: 50% * <mask> + 50% * random  target: in_place }\n";
  test("declared, called, combined", () => {
    const { text, entries, losses } = objectiveOf(encoderRun("2 * mine(30%) + 0.5 * nsp", mine));
    expect(text).toBe("2 * mine + 0.5 * nsp");
    expect(entries[0].stages).toEqual([{ noise: { word: "whole_words", arguments: { rate: 0.3 } }, input: [{ share: 0.5, shows: "<mask>" }, { share: 0.5, shows: "random" }] }]);
    expect(losses.map(({ head, weight, kind }) => [head, weight, kind])).toEqual([["mlm", 2, "tokens"], ["nsp", 0.5, "class"]]);
  });
  test("weights are multiplied out, names and lets followed", () => {
    expect(objectiveOf(encoderRun("3 * both", "let both = masked + 2 * nsp\n")).text).toBe("3 * masked(rate: 0.15) + 6 * nsp");
  });
  test("extensions change an argument below an objective", () => {
    const text = `${encoderRun("masked")}pretrain more extends small { objective.rate: 40% }\n`;
    expect(planOf(text, { run: "more" }).objective.entries[0].stages[0].noise.arguments).toEqual({ rate: 0.4 });
  });
  test("an objective that extends another", () => {
    expect(objectiveOf(encoderRun("other", `${mine}objective other extends mine(rate: 50%) { input: <mask> }\n`)).entries[0].stages).toEqual([{ noise: { word: "whole_words", arguments: { rate: 0.5 } }, input: [{ share: 1, shows: "<mask>" }] }]);
  });
  test("mixtures: relative weights, percents, mode tokens, names of entries", () => {
    const { entries } = objectiveOf(t5("ul2"));
    expect(entries.map(({ name, share, frame }) => [name, share, frame.before])).toEqual([["r_mode", 0.25, ["r_mode"]], ["x_mode", 0.25, ["x_mode"]], ["s_mode", 0.5, ["s_mode"]]]);
    expect(objectiveOf(t5("mixture(30% * bert_style, 70% * mass)")).entries.map(({ name, share }) => [name, share])).toEqual([["bert_style", 0.3], ["mass", 0.7]]);
    expect(objectiveOf(t5("ul2_seven")).entries.map((entry) => entry.name)).toEqual(["r_mode", "r_mode_2", "s_mode", "x_mode", "x_mode_2", "x_mode_3", "x_mode_4"]);
  });
  test("a head of its own", () => {
    expect(objectiveOf(encoderRun("mine", "objective mine { noise: tokens(15%)  input: <mask>  target: in_place  head: mlm }\n")).losses[0].head).toBe("mlm");
    expect(codes(encoderRun("mine", "objective mine { noise: tokens(15%)  input: <mask>  target: in_place  head: other }\n"))).toEqual(["PT5004"]);
  });
});

describe("what is refused", () => {
  const one = (block: string): string => encoderRun("mine", `objective mine ${block}\n`);
  const cases: readonly (readonly [string, string, string[]])[] = [
    ["noise without input", one("{ noise: tokens(15%)  target: in_place }"), ["PT3022"]],
    ["input without noise", one("{ input: <mask>  target: next }"), ["PT3022"]],
    ["in_place of nothing", one("{ target: in_place }"), ["PT3022"]],
    ["target and pair", one("{ target: next  pair: next_or_random  head: nsp }"), ["PT3015"]],
    ["neither target nor pair", one("{ noise: tokens(15%)  input: <mask> }"), ["PT3015"]],
    ["a pair without a head", one("{ pair: next_or_random }"), ["PT3022"]],
    ["a noisy pair", one("{ pair: next_or_random  head: nsp  noise: tokens(15%)  input: <mask> }"), ["PT3022"]],
    ["spans of neither kind", one("{ noise: spans(15%)  input: <mask>  target: everything }"), ["PT3022"]],
    ["spans of both kinds", one("{ noise: spans(15%, mean: 3, poisson: 3)  input: <mask>  target: everything }"), ["PT3022"]],
    ["an unknown noise", one("{ noise: token(15%)  input: <mask>  target: in_place }"), ["PT2002"]],
    ["an unknown field", one("{ noises: tokens(15%)  input: <mask>  target: in_place }"), ["PT3001"]],
    ["a sentinel in shares", one("{ noise: tokens(15%)  input: 50% * sentinel + 50% * <mask>  target: everything }"), ["PT3004"]],
    ["shares below 100 %", one("{ noise: tokens(15%)  input: 50% * <mask> + 40% * keep  target: in_place }"), ["PT3031"]],
    ["a sentinel in place", one("{ noise: tokens(15%)  input: sentinel  target: in_place }"), ["PT5020"]],
    ["replaced-token detection", one("{ noise: tokens(15%)  input: sampled(mlm)  target: replaced }"), ["PT2032"]],
    ["a negative weight", encoderRun("-1 * masked"), ["PT3005"]],
    ["a weight of zero", encoderRun("0 * masked + nsp"), ["PT3005"]],
    ["an objective by itself", encoderRun("mine", "objective mine = mine + nsp\n"), ["PT2016"]],
    ["a number", encoderRun("3"), ["PT3004"]],
    ["a difference", encoderRun("masked - nsp"), ["PT3004"]],
    ["a mixture of nothing", encoderRun("mixture()"), ["PT3009"]],
    ["percents that are not 100", encoderRun("mixture(30% * masked, 30% * masked(30%))"), ["PT3031"]],
    ["in turn with a target of its own", encoderRun("in_turn(masked, masked)"), ["PT5021"]],
    ["two pairs", encoderRun("nsp + nsp"), ["PT5014"]],
    ["two noises", encoderRun("masked + masked(30%)"), ["PT5014"]],
    ["a mixture in a sum", encoderRun("nsp + mixture(masked, masked(30%))"), ["PT5021"]],
    ["no mode token", encoderRun("led_by(<t_mode>, masked)"), ["PT5003"]],
    ["no mask token", encoderRun("masked", "", "special: [<pad>, <cls>, <sep>]"), ["PT5003"]],
    ["no sep for a pair", encoderRun("masked + nsp", "", "special: [<pad>, <cls>, <mask>]"), ["PT5003"]],
    ["an unknown name, with the nearest", encoderRun("maskd"), ["PT2002"]],
    ["a redefinition", encoderRun("masked", "objective nsp = masked\n"), ["PT2031"]],
    ["a teacher that is itself the pupil", encoderRun("masked + distill(small)"), ["PT2016"]],
    ["next tokens on an encoder", encoderRun("causal_lm"), ["PT5012"]],
    ["targets of another length on an encoder", encoderRun("drop_tokens"), ["PT5012"]],
    ["images on one tower", encoderRun("contrastive"), ["PT5017"]],
    ["a mask that shows the targets", sequenceRun("prefix_lm", "", "full"), ["PT5001"]],
    ["a prefix mask without a prefix", sequenceRun("causal_lm"), ["PT5002"]],
    ["a length over the context", encoderRun("masked").replace("length: 16", "length: 17"), ["PT5005"]],
    ["packed pairs", encoderRun("nsp").replace("length: 16", "length: 16  pack: on"), ["PT5019"]],
    ["packed targets", sequenceRun("prefix_lm").replace("length: 32", "length: 32  pack: on"), ["PT5019"]],
    ["no decoder beside an encoder for in_place", sampleSpec("encoder_decoder", "masked", "causal"), ["PT5012"]],
  ];
  test.each(cases)("%s", (_, text, wanted) => expect(codes(text)).toEqual(wanted));

  test("the nearest name is offered, the kept words are named", () => {
    expect(checkText(encoderRun("maskd")).diagnostics[0].hint).toContain("masked");
    expect(checkText(encoderRun("drop_tokens")).diagnostics[0].hint).toContain("masked");
  });
});

describe("the resolved spec", () => {
  const mine = "objective mine(rate, span = 3) { noise: spans(rate, mean: span)  input: 50% * <mask> + 50% * random  target: in_place }\n";
  const specs: Readonly<Record<string, string>> = {
    declared: encoderRun("mixture(mine(30%), 2 * mine(20%, span: 2), masked + nsp)", mine),
    weights: encoderRun("0.1 * masked + 7 * nsp"),
    named_like_data: encoderRun("novels", "objective novels = masked(25%)\n"),
    percents: t5("mixture(35% * led_by(<r_mode>, in_turn(rotation, infilling(20%))), 65% * span_corruption(50%))"),
    seven: t5("ul2_seven"),
    suffix: sequenceRun("end", "").replace("pretrain small", "objective end { noise: suffix(25%)  input: drop  target: dropped }\nobjective same extends end { noise: suffix(uniform) }\npretrain small"),
  };
  test.each(Object.entries(specs))("%s compiles to the same plan", (_, text) => {
    const plan = planOf(text, { run: "small" });
    const again = planOf(plan.spec, { run: "small", file: "spec.pt" });
    expect(again.spec).toBe(plan.spec);
    expect(again.hash).toBe(plan.hash);
  });
});
