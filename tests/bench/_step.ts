// Times training steps of one model on one backend, in a process of its own: prints one JSON line. Started by tests/bench/bench.mjs.
// Arguments: family batch length vocab width heads layers steps backend precision [profile]

import { native } from "../../runtime/backends/native/native.ts";
import type { JoinedKernel, Kernel, PreparedKernel } from "../../runtime/backends/define.ts";
import { benchPlan } from "../../runtime/training/bench.ts";
import { planOf } from "../harness/compiling.ts";

const [family, ...rest] = process.argv.slice(2);
const [batch, length, vocab, width, heads, layers, steps] = rest.slice(0, 7).map(Number);
const [backend, precision, profile] = rest.slice(7);

/** As the peer builds them (torch_peer.py), without dropout. */
const families: { readonly [family: string]: { readonly imports: string; readonly model: string; readonly special: string; readonly objective: string } } = {
  gpt: { imports: "gpt2", model: `gpt2(layers: ${layers}, width: ${width}, heads: ${heads}, context: ${length}, drop: 0%)`, special: "special: [<pad>, <eos>]", objective: "causal_lm" },
  bert: { imports: "bert", model: `bert(layers: ${layers}, width: ${width}, heads: ${heads}, context: ${length}, drop: 0%)`, special: "special: [<pad>, <unk>, <cls>, <sep>, <mask>]", objective: "masked" },
  llama: { imports: "llama", model: `llama(layers: ${layers}, width: ${width}, heads: ${heads}, hidden: ${4 * width})`, special: "special: [<pad>, <eos>]", objective: "causal_lm" },
  t5: { imports: "t5", model: `t5(layers: ${layers}, width: ${width}, heads: ${heads}, head_width: ${width / heads}, hidden: ${4 * width}, drop: 0%)`, special: "special: [<pad>, <eos>, <unk>] sentinels: 100", objective: "span_corruption" },
};
const { imports, model, special, objective } = families[family];

// No tokenizer has fewer than 256 tokens: for such a peer a number that occurs nowhere else is written, and replaced in the plan.
const written = vocab < 256 ? 99_991 : vocab;
const compiled = planOf(`
import { ${imports} } from "ptarmigan/${imports}.pt"
data text { files: "*.txt" format: lines }
tokenizer words { kind: bpe(vocab: ${written}) trained_on: text ${special} }
pretrain step {
  model: ${model}
  tokenizer: words
  data: text
  objective: ${objective}
  length: ${length}
  batch: ${batch} examples
  train: 10 steps
  optimizer: adamw(lr: 1e-3, weight_decay: 0.01)
  precision: ${precision}
  seed: 1
}
`);
const plan = written === vocab ? compiled : (JSON.parse(JSON.stringify(compiled).replaceAll(String(written), String(vocab))) as typeof compiled);

/** Positions of a decoder beside an encoder, which count as tokens too. */
const target = plan.objective.streams.targets?.length ?? 0;

const spent = new Map<string, { calls: number; ms: number }>();
if (profile) {
  const loaded = await native.load();
  const timed = (name: string, run: PreparedKernel): PreparedKernel => (a, b) => {
    const began = process.cpuUsage();
    run(a, b);
    const { user, system } = process.cpuUsage(began);
    const entry = spent.get(name) ?? { calls: 0, ms: 0 };
    entry.calls++;
    entry.ms += (user + system) / 1000;
    spent.set(name, entry);
  };
  for (const [op, make] of Object.entries(loaded.kernels)) {
    (loaded.kernels as Record<string, Kernel>)[op] = (node, inputs, outputs) => {
      const run = make(node, inputs, outputs);
      const shapes = ["matmul", "linear", "vocabulary"].some((word) => op.startsWith(word)) ? ` ${inputs.map((info) => (info ? `[${info.shape}]` : "-")).join(" ")}` : "";
      return run && timed(`${op}${op === "matmul" ? JSON.stringify(Object.values(node.attributes)) : ""}${shapes}`, run);
    };
  }
  for (const [op, make] of Object.entries(loaded.joined ?? {})) (loaded.joined as Record<string, JoinedKernel>)[op] = (nodes) => timed(`${op} of ${nodes.length} tensors`, make(nodes));
}
const result = await benchPlan(plan, backend, steps);
if (profile) {
  const total = [...spent.values()].reduce((sum, { ms }) => sum + ms, 0);
  for (const [name, { calls, ms }] of [...spent].sort((a, b) => b[1].ms - a[1].ms).slice(0, 40)) console.error(`${(ms / (steps + 1)).toFixed(2).padStart(9)} ms ${((100 * ms) / total).toFixed(1).padStart(5)} % ${String(calls / (steps + 1)).padStart(5)} × ${name}`);
  console.error(`${(total / (steps + 1)).toFixed(2).padStart(9)} ms of processor time in kernels of ${(1000 * result.cpu_seconds).toFixed(2)} ms a step; nodes ${plan.graphs.train.nodes.length} + ${plan.graphs.update.nodes.length}; micro ${plan.batch.micro}`);
}
console.log(JSON.stringify({ ...result, backend, precision, target, best_tokens_per_second: Math.round((batch * (length + target)) / result.step_seconds.min) }));
