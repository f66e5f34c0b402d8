// The resolved spec of a plan compiles to the same plan.

import { describe, expect, test } from "vitest";
import { runExample } from "../../grammar/diagnostics/_run-example.ts";
import { readdirSync, readFileSync } from "node:fs";
import { checkText, planOf, root } from "../harness/compiling.ts";

const cases: Record<string, { text: string; run?: string }> = {
  "a small run": { text: runExample() },
  ...Object.fromEntries(readdirSync(`${root}examples`).map((name) => [`the example ${name}`, { text: readFileSync(`${root}examples/${name}/spec.pt`, "utf8") }])),
  "lets, masks, cycles, recipes, namespaces": {
    run: "b",
    text: `import * as g from "ptarmigan/gpt2.pt"
import { llama } from "ptarmigan/llama.pt"
data d { files: "x/*.txt"  split { train: 90%  valid: 10% } }
tokenizer t { kind: bytes  special: [<eos>] }
let w = 3 * 16
let head_sizes = w / 4
mask near(n) = causal & (query - key < n)
mask nearer = near(w) & window(head_sizes)
model mine(drop = 0%, norm = rmsnorm(eps: 1e-4)) extends llama(layers: 2, width: 32, heads: 4, hidden: 64) {
  decoder {
    let shared = mlp(w, swiglu)
    embed: tokens(vocab, width)
    repeat 2 {
      residual { norm attention(heads, mask: cycle(nearer, causal), positions: rope, dropout: drop) }
      residual { norm shared }
    }
  }
}
pretrain a { model: mine()  tokenizer: t  data: d  objective: causal_lm  length: 32  batch: 8 examples  train: 3 epochs  optimizer: adamw(lr: 6e-5)  schedule: cosine(warmup: 1%) }
pretrain b from a(checkpoint: best) { data: d  objective: causal_lm  batch: 4 examples  train: 10 steps  optimizer: sgd(lr: 1) }
pretrain c extends a { model.drop: 20%  optimizer.lr: 2e-4  remove schedule  memory: 20 MB  batch: 64 examples  evaluate { data: d.valid } }
pretrain e extends a { model: g.gpt2(layers: 1, width: 8, heads: 1, context: 32) }
`,
  },
};

const table = 'data d { files: "x.csv"  format: csv  columns { a: string  b: string  c: class(labels: ["no", "yes"])  n: number  w: words  t: tags(labels: ["A", "B"])  x: answers }  split { train: 90%  valid: 10% } }';
const tuned = (task: string, more = ""): string => `finetune NAME from base { data: d  task: ${task}  train: 3 epochs  optimizer: adamw(lr: 1e-4)  ${more} }`;
cases["fine-tunings"] = { text: `import { bert } from "ptarmigan/bert.pt"
${table}
data texts { files: "x/*.txt"  split { train: 90%  valid: 10% } }
tokenizer t { kind: bytes  special: [<pad>, <unk>, <cls>, <sep>, <mask>] }
pretrain base { model: bert(layers: 1, width: 32, heads: 2, context: 48)  tokenizer: t  data: texts  objective: masked + nsp  batch: 8 examples  train: 3 steps  optimizer: adamw(lr: 1e-3) }
${[tuned("classify([a, b], c)", "metrics: [accuracy, f1(positive: \"yes\")]  compare_with: scratch  examples: [2, 4]"), tuned("regress(a, n)", "adapt: lora(rank: 2)  evaluate { every: 5 steps }"), tuned("tag(w, t)", "examples: 7"), tuned("answer(a, b, x, stride: 25%)", "adapt: prompt(3)")].map((one, i) => one.replace("NAME", `tuned_${i}`)).join("\n")}
pretrain padded extends base { model.vocab: 300 }
finetune alone { model: bert(layers: 1, width: 32, heads: 2, context: 48)  tokenizer: t  data: d  task: classify(a, c)  train: 9 steps  optimizer: sgd(lr: 1)  batch: 4 examples }
` };

describe("the resolved spec", () => {
  for (const [title, { text }] of Object.entries(cases)) {
    for (const run of checkText(text).runs.keys()) {
      test(`${title}: ${run} compiles to the same plan`, () => {
        const plan = planOf(text, { run });
        const again = planOf(plan.spec, { run, file: "spec.pt" });
        expect(again.spec).toBe(plan.spec);
        expect(again.hash).toBe(plan.hash);
      });
    }
  }

  test("`rope()` and `rope` make one plan; so do layers, masks and norms that are called with nothing", () => {
    const written = (call: string): string => `mask near(n = 4) = causal & query - key < n
tokenizer t { kind: bytes }
data d { files: "x/*.txt"  split { train: 90%  valid: 10% } }
model m(width = 8, norm = rmsnorm${call}) { decoder { embed: tokens(300, width) repeat 2 { residual { norm attention(2, mask: cycle(near${call}, causal${call}), positions: rope${call}) } } rmsnorm${call} } head lm { tied${call} } }
pretrain r { model: m${call}  tokenizer: t  data: d  objective: causal_lm${call}  length: 16  batch: 4 examples  train: 2 steps  optimizer: adamw(lr: 1e-3) }
`;
    const [plain, called] = [planOf(written("")), planOf(written("()"))];
    expect(called.spec).toBe(plain.spec);
    expect(called.hash).toBe(plain.hash);
  });

  test("it holds no path of the file that was compiled", () => {
    const text = runExample();
    expect(planOf(text, { file: "some/where/main.pt" }).hash).toBe(planOf(text, { file: "main.pt" }).hash);
  });

  test("paths of an imported file stay relative to the entry's folder", () => {
    const files = { "lib/data.pt": 'data shelf { files: "texts/*.txt"  split { train: 90%  valid: 10% } }\n' };
    const text = `import { shelf } from "lib/data.pt"\n${runExample().replace(/data novels.*\n/, "").replace("data: novels", "data: shelf")}`;
    expect(planOf(text, { files }).data).toMatchObject({ files: ["lib/texts/*.txt"] });
  });
});
