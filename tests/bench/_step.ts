// Times training steps of one GPT on one backend, in a process of its own: prints one JSON line. Started by tests/bench/bench.mjs.
// Arguments: batch length vocab width heads layers steps backend precision [profile]

import { native } from "../../runtime/backends/native/native.ts";
import type { Kernel } from "../../runtime/backends/define.ts";
import { benchPlan } from "../../runtime/training/bench.ts";
import { planOf } from "../harness/compiling.ts";

const [batch, length, vocab, width, heads, layers, steps] = process.argv.slice(2, 9).map(Number);
const [backend, precision, profile] = process.argv.slice(9);

// No tokenizer has fewer than 256 tokens: for such a peer a number that occurs nowhere else is written, and replaced in the plan.
const written = vocab < 256 ? 99_991 : vocab;
const compiled = planOf(`
import { gpt2 } from "ptarmigan/gpt2.pt"
data text { files: "*.txt" format: lines }
tokenizer words { kind: bpe(vocab: ${written}) trained_on: text special: [<pad>, <eos>] }
pretrain step {
  model: gpt2(layers: ${layers}, width: ${width}, heads: ${heads}, context: ${length}, drop: 0%)
  tokenizer: words
  data: text
  objective: causal_lm
  length: ${length}
  batch: ${batch} examples
  train: 10 steps
  optimizer: adamw(lr: 1e-3, weight_decay: 0.01)
  precision: ${precision}
  seed: 1
}
`);
const plan = written === vocab ? compiled : (JSON.parse(JSON.stringify(compiled).replaceAll(String(written), String(vocab))) as typeof compiled);

const spent = new Map<string, { calls: number; ms: number }>();
if (profile) {
  const loaded = await native.load();
  for (const [op, make] of Object.entries(loaded.kernels)) {
    (loaded.kernels as Record<string, Kernel>)[op] = (node, inputs, outputs) => {
      const run = make(node, inputs, outputs);
      const shapes = ["matmul", "linear", "vocabulary"].some((word) => op.startsWith(word)) ? ` ${inputs.map((info) => (info ? `[${info.shape}]` : "-")).join(" ")}` : "";
      const name = `${op}${op === "matmul" ? JSON.stringify(Object.values(node.attributes)) : ""}${shapes}`;
      return run && ((a, b) => {
        const began = process.cpuUsage();
        run(a, b);
        const { user, system } = process.cpuUsage(began);
        const entry = spent.get(name) ?? { calls: 0, ms: 0 };
        entry.calls++;
        entry.ms += (user + system) / 1000;
        spent.set(name, entry);
      });
    };
  }
}
const result = await benchPlan(plan, backend, steps);
if (profile) {
  const total = [...spent.values()].reduce((sum, { ms }) => sum + ms, 0);
  for (const [name, { calls, ms }] of [...spent].sort((a, b) => b[1].ms - a[1].ms).slice(0, 40)) console.error(`${(ms / (steps + 1)).toFixed(2).padStart(9)} ms ${((100 * ms) / total).toFixed(1).padStart(5)} % ${String(calls / (steps + 1)).padStart(5)} × ${name}`);
  console.error(`${(total / (steps + 1)).toFixed(2).padStart(9)} ms of processor time in kernels of ${(1000 * result.cpu_seconds).toFixed(2)} ms a step; nodes ${plan.graphs.train.nodes.length} + ${plan.graphs.update.nodes.length}; micro ${plan.batch.micro}`);
}
console.log(JSON.stringify({ ...result, backend, precision, tokens_per_second: Math.round(result.tokens_per_second), best_tokens_per_second: Math.round((batch * length) / result.step_seconds.min) }));
