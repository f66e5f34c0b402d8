// Adapted runs through the commands: trained, applied as a plain model, exported, and started from.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { blocks } from "../../grammar/blocks/index.ts";
import { openModel } from "../../runtime/apply/model.ts";
import { openGenerating } from "../../runtime/generation/model.ts";
import { readSafetensors } from "../../runtime/checkpoints/safetensors.ts";
import { listCheckpoints } from "../../runtime/checkpoints/checkpoint.ts";
import { folderWith, pt } from "../harness/cli.ts";

const table = `text,label\n${Array.from({ length: 24 }, (_, i) => `${i % 2 ? "a good whale" : "a bad ship"} ${i},${i % 2 ? "yes" : "no"}`).join("\n")}\n`;
const spec = (adapt: string): string => `import { gpt2 } from "ptarmigan/gpt2.pt"
data messages { files: "rows.csv"  format: csv  columns { text: string  label: class(labels: ["no", "yes"]) }  split { train: 75%  valid: 25% } }
data lines { files: "lines.txt"  format: lines }
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
pretrain base {
  model: gpt2(layers: 2, width: 16, heads: 2, context: 32)  tokenizer: letters  data: lines  objective: causal_lm  length: 32
  batch: 4 examples  train: 3 steps  optimizer: adamw(lr: 1e-3)
}
finetune tuned from base { data: messages  task: classify(text, label)  batch: 4 examples  train: 4 steps  optimizer: adamw(lr: 1e-2)  adapt: ${adapt} }
`;
const again = "finetune again from tuned { data: messages  task: classify(text, label)  batch: 4 examples  train: 0 steps  optimizer: adamw(lr: 1e-2) }\n";
const folderOf = (adapt: string): string => folderWith({ "main.pt": spec(adapt), "again.pt": `${spec(adapt)}${again}`, "rows.csv": table, "lines.txt": "call me ishmael\nthe whale\n".repeat(40) });
const runOf = (folder: string, name: string): string => join(folder, "runs", readdirSync(join(folder, "runs")).find((entry) => new RegExp(`^${name}-[0-9a-f]{8}$`).test(entry))!);
const saved = (folder: string, name: string) => readSafetensors(join(listCheckpoints(runOf(folder, name)).at(-1)!.folder, "weights.safetensors"));

describe.runIf(Object.hasOwn(blocks, "finetune"))("adapted fine-tunings", () => {
  test("LoRA is merged wherever the run is used", async () => {
    const folder = folderOf("lora(rank: 2, targets: [query, up])");
    expect(await pt(["train", "again.pt", "again"], folder)).toMatchObject({ code: 0, codes: [] });
    const [tuned, merged] = [await saved(folder, "tuned"), await saved(folder, "again")];
    expect([...tuned.keys()].filter((name) => name.includes("lora"))).toHaveLength(2 * 2 * 2);
    expect([...merged.keys()].some((name) => name.includes("lora"))).toBe(false);
    const model = await openModel(runOf(folder, "tuned"), { cwd: folder });
    expect([...model.weights.keys()].sort()).toEqual([...merged.keys()].sort());
    for (const [name, { data }] of model.weights) expect(Buffer.from(merged.get(name)!.data.buffer, merged.get(name)!.data.byteOffset, data.byteLength).equals(Buffer.from(data.buffer, data.byteOffset, data.byteLength)), name).toBe(true);
    expect(await pt(["export", "main.pt", "tuned", "--to", "huggingface", "--out", "out"], folder)).toMatchObject({ code: 0, codes: [] });
    expect(JSON.parse(readFileSync(join(folder, "out/config.json"), "utf8"))).toMatchObject({ architectures: ["GPT2ForSequenceClassification"] });
  });

  test.each(["adapter(3)", "prompt(4)"])("%s is applied with its layers, and cannot be exported or started from", async (adapt) => {
    const folder = folderOf(adapt);
    expect(await pt(["train", "main.pt", "tuned"], folder)).toMatchObject({ code: 0, codes: [] });
    const model = await openModel(runOf(folder, "tuned"), { cwd: folder });
    expect(model.added?.word).toBe(adapt.replace(/\(.*/, ""));
    expect((await pt(["export", "main.pt", "tuned", "--to", "huggingface", "--out", "out"], folder)).codes).toEqual(["PT7232"]);
    // Refused before anything is trained.
    expect((await pt(["check", "again.pt"], folder)).codes).toEqual(["PT3022"]);
  });
});

test.skipIf(Object.hasOwn(blocks, "finetune"))("no block `finetune` yet: commands on adapted runs are not tested", () => {});

const written = (adapt: string): string => `${spec("everything").replace(/finetune[\s\S]*/, "")}finetune tuned from base {
  data: messages  task: text_to_text("{text}:" -> "{label}", targets: 5)  batch: 4 examples  train: 4 steps  optimizer: adamw(lr: 1e-2)  adapt: ${adapt}  metrics: [exact_match]
}
evaluate asked of tuned { data: messages.valid  prompt: "{text}:" -> "{label}"  shots: [0]  decode: greedy(tokens: 4)  metrics: [exact_match] }
`;

test.each(["adapter(3)", "prompt(4)", "lora(rank: 2)"])("%s: what generates and answers reads what was trained", async (adapt) => {
  const folder = folderWith({ "main.pt": written(adapt), "rows.csv": table, "lines.txt": "call me ishmael\nthe whale\n".repeat(40) });
  expect(await pt(["train", "main.pt", "tuned"], folder)).toMatchObject({ code: 0, codes: [] });
  const run = runOf(folder, "tuned");
  const { objective } = JSON.parse(readFileSync(join(run, "plan.json"), "utf8")) as { objective: { streams: { inputs: { placeholders: number[] } } } };
  const { placeholders } = objective.streams.inputs;
  expect(placeholders).toHaveLength(adapt === "prompt(4)" ? 4 : 0);
  const model = await openGenerating(run, { cwd: folder });
  expect(model.ids("a good whale 1:")).toEqual([...placeholders, ...model.tokenizer!.encode("a good whale 1:")]);
  const said = await pt(["generate", run, "--prompt", "a good whale 1:", "--decode", "greedy", "--tokens", "4", "--json"], folder);
  const { sequences: [{ ids }] } = JSON.parse(said.stdout) as { sequences: { ids: number[] }[] };
  expect(ids.length, said.stderr).toBeGreaterThan(0);
  expect(await pt(["evaluate", "main.pt", "asked"], folder)).toMatchObject({ code: 0, codes: [] });
  // The likeliest next id after the same ids, through the forward pass.
  const input = model.ids("a good whale 1:");
  const inputs = (rows: number[][]): void => writeFileSync(join(folder, "inputs.json"), JSON.stringify({ input_ids: rows }));
  const apply = () => pt(["apply", run, "--inputs", "inputs.json", "--outputs", "out.safetensors"], folder);
  inputs([input]);
  expect((await apply()).codes).toEqual([]);
  const { shape, data } = (await readSafetensors(join(folder, "out.safetensors"))).get("logits")!;
  const last = [...(data as Float32Array).subarray(-shape.at(-1)!)];
  expect(last.indexOf(Math.max(...last))).toBe(ids[0]);
  if (placeholders.length === 0) return;
  inputs([input.slice(4)]);
  expect(await apply()).toMatchObject({ code: 1, codes: ["PT7214"], stderr: expect.stringContaining("do not begin with what `adapt: prompt` learned") });
});
