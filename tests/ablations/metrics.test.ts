// Names of metrics that measures may have are those that runs and evaluations write into their results.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Measured } from "../../compiler/ablations/spec.ts";
import { metricsOf } from "../../compiler/phases/2-check/ablations/metrics.ts";
import { variantsOf } from "../../compiler/variants.ts";
import { checkSpec } from "../../runtime/runs/open.ts";
import { folderWith, pt } from "../harness/cli.ts";
import { checkText } from "../harness/compiling.ts";
import { shapePictures, writeShapes } from "../images/shapes.ts";
import { cases, specOf } from "../tasks/specs.ts";
import { line } from "./specs.ts";

const metricsIn = (folder: string, name: string): readonly string[] => {
  const run = readdirSync(join(folder, "runs")).find((one) => one.replace(/-[0-9a-f]{8}$/, "") === name)!;
  return Object.keys((JSON.parse(readFileSync(join(folder, "runs", run, "result.json"), "utf8")) as { metrics: object }).metrics).sort();
};

async function run(folder: string, command: "train" | "evaluate", name: string): Promise<void> {
  const { code, stderr } = await pt([command, "main.pt", name], folder);
  expect(code, stderr).toBe(0);
}

const names = (measured: Measured, context: Parameters<typeof metricsOf>[1]): readonly string[] => metricsOf(measured, context).map(({ name }) => name).sort();

const both = `model both(vocab, width = 16) {
  encoder { embed: tokens(vocab, width) + learned_positions(40) + segments(2)  residual { layernorm attention(2, mask: full) } layernorm }
  head mlm { tied(bias: on) }
  head nsp { pool(first) dense(2) }
}
model left(vocab, width = 16) {
  decoder { embed: tokens(vocab, width) + learned_positions(40)  residual { layernorm attention(2, mask: causal) } layernorm }
  head lm { tied }
}
data novels { files: "a.txt"  split { by: position  train: 60%  valid: 40% } }
data speeches { files: "b.txt"  split { by: position  train: 60%  valid: 40% } }
data notes { files: "notes.csv"  format: csv  columns { text: string  label: class(labels: ["no", "yes"]) }  split { train: 50%  valid: 50% } }
tokenizer letters { kind: bytes  special: [<pad>, <unk>, <cls>, <sep>, <mask>, <bos>, <eos>]  sentinels: 10 }
pretrain heads { model: both()  tokenizer: letters  data: novels  objective: masked + 0.5 * nsp  length: 32  batch: 4 examples  train: 2 steps  optimizer: adamw(lr: 1e-3)  evaluate { data: novels.valid  metrics: [loss, perplexity] } }
pretrain mixed { model: left()  tokenizer: letters  data: novels  objective: mixture(causal_lm, 2 * prefix_lm)  length: 24  batch: 4 examples  train: 2 steps  optimizer: adamw(lr: 1e-3)  evaluate { data: novels.valid  metrics: [perplexity, bits_per_byte, byte_perplexity] } }
pretrain sources { model: left()  tokenizer: letters  data: novels  objective: causal_lm  length: 24  batch: 4 examples  train: 2 steps  optimizer: adamw(lr: 1e-3)  evaluate { data: mixture(novels.valid, speeches.valid)  metrics: [loss, bits_per_byte] } }
pretrain untrained extends sources { train: 0 steps }
finetune sorted from heads { data: notes  task: classify(text, label)  batch: 4 examples  train: 2 steps  optimizer: adamw(lr: 1e-2)  metrics: [accuracy, f1, precision, recall, matthews]  compare_with: scratch  examples: [10]  evaluate { data: notes.valid } }
evaluate asked of sources { data: notes.valid  prompt: "{text}:" -> "{label}"  shots: [0, 2]  limit: 4 examples  metrics: [exact_match, rouge(type: 1), rouge(type: l), exact_match]  decode: greedy(tokens: 2) }
`;

describe("names of metrics are those of results", () => {
  test("pretraining with heads, mixtures of objectives and of data; a fine-tuning and its variants; an evaluation", { timeout: 120_000 }, async () => {
    const notes = Array.from({ length: 24 }, (_, i) => `${i} ${["a whale", "the sea"][i % 2]},${["no", "yes"][i % 2]}`);
    const folder = folderWith({ "main.pt": both, "a.txt": line.repeat(30), "b.txt": `${line.replaceAll("e", "o")}\n`.repeat(30), "notes.csv": `text,label\n${notes.join("\n")}\n` });
    const result = checkSpec("main.pt", folder);
    expect(result.diagnostics.map(({ message }) => message)).toEqual([]);
    for (const name of ["mixed", "sources", "untrained", "sorted"]) await run(folder, "train", name);
    await run(folder, "evaluate", "asked");
    const measured: Measured[] = [...[...result.runs.values()].flatMap((one) => variantsOf(one).map((variant) => variant.run)), ...result.evaluations.values()];
    expect(measured.map(({ name }) => name)).toEqual(["heads", "mixed", "sources", "untrained", "sorted", "sorted_scratch", "sorted_10", "sorted_10_scratch", "asked"]);
    for (const one of measured) expect([one.name, ...metricsIn(folder, one.name)]).toEqual([one.name, ...names(one, result.context)]);
    expect(names(result.runs.get("heads")!, result.context)).toEqual(["loss", "mlm.loss", "mlm.perplexity", "nsp.loss", "perplexity"]);
    expect(names(result.evaluations.get("asked")!, result.context)).toContain("2_shot.rouge_l");
  });

  test.each(["regress", "tag", "answer"])("a fine-tuning on %s", async (word) => {
    const text = specOf("encoder", cases[word]).replace("60 steps", "4 steps");
    const rows = cases[word].rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    const folder = folderWith({ "main.pt": text, "data.jsonl": rows, "again.jsonl": rows });
    const result = checkSpec("main.pt", folder);
    await run(folder, "train", "small");
    expect(metricsIn(folder, "small")).toEqual(names(result.runs.get("small")!, result.context));
  });

  test("comparing images with texts", async () => {
    const folder = folderWith({ "main.pt": `import { clip } from "ptarmigan/clip.pt"
data pairs { files: "train.csv"  format: csv  columns { picture: image(normalize: clip)  caption: string } }
data held { files: "held.csv"  format: csv  columns { picture: image(normalize: clip)  caption: string } }
tokenizer letters { kind: bytes  special: [<pad>, <bos>, <eos>] }
pretrain towers { model: clip(projection: 8, text_layers: 1, text_width: 8, text_heads: 2, context: 28, image_layers: 1, image_width: 8, image_heads: 2, image_size: 12, patch: 4)  tokenizer: letters  data: pairs  objective: contrastive  batch: 8 examples  train: 1 steps  optimizer: adamw(lr: 4e-3)  evaluate { data: held  metrics: [loss, top_k_recall, top_k_recall(k: 5)] } }
` });
    for (const part of ["train", "held"]) writeShapes(folder, part, shapePictures(1, { size: 14, seed: part.length }));
    const result = checkSpec("main.pt", folder);
    await run(folder, "train", "towers");
    expect(metricsIn(folder, "towers")).toEqual(names(result.runs.get("towers")!, result.context));
    expect(metricsIn(folder, "towers")).toContain("top_5_recall.text_to_image");
  });
});

describe("measures", () => {
  const ablation = (measure: string): string => `${both}ablation a of sources { vary model.width in [8]  measure: ${measure} }`;

  test("know which way is better, whatever their options call them", () => {
    const { ablations, diagnostics } = checkText(ablation('[novels.loss, asked.rouge_l, asked.exact_match_2, "asked.2_shot.rouge_1"]'));
    expect(diagnostics.map(({ message }) => message)).toEqual([]);
    expect(ablations.get("a")!.measures.map(({ metric, higherIsBetter }) => [metric, higherIsBetter])).toEqual([["novels.loss", false], ["rouge_l", true], ["exact_match_2", true], ["2_shot.rouge_1", true]]);
  });

  test("of an evaluation must be computed, and of a run that starts from the baseline", () => {
    expect(checkText(ablation('["asked.1_shot.rouge_l"]')).diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual(["PT5091 `asked` does not compute `1_shot.rouge_l`"]);
    expect(checkText(ablation("[asked]")).diagnostics.map(({ code }) => code)).toEqual(["PT5091"]);
    expect(checkText(ablation("[sorted.accuracy]")).diagnostics.map(({ code }) => code)).toEqual(["PT2050"]);
  });
});
