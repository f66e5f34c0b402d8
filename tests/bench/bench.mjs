// `npm run bench`: training steps beside PyTorch in the same minutes. Each measurement is a process of its own; the two sides take turns,
// and the best of the rounds counts, so that a machine that others use favours neither.
//   node tests/bench/bench.mjs [--rounds N] [--threads N] [--size 1|2|3|4|5] [--precision f32|bf16] [--python FILE] [--backend B]
// The peer is `bench/torch_peer.py` (PT_PEER names it); Python is PT_PYTHON, or python3.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));
const option = (name, fallback) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : fallback);
const rounds = Number(option("--rounds", "3"));
const threads = Number(option("--threads", String(Math.min(2, availableParallelism()))));
const backend = option("--backend", "native");
const python = option("--python", process.env.PT_PYTHON ?? "python3");
const peer = process.env.PT_PEER ?? join(root, "../shared/bench/torch_peer.py");

// The peer's flags of each precision: eager float32, and what PyTorch is fastest with in bfloat16.
const precisions = [{ precision: "f32", flags: [] }, { precision: "bf16", flags: ["--precision", "bf16", "--compile"] }].filter(({ precision }) => option("--precision", precision) === precision);
const sizes = [
  { name: "GPT 0.8 M", model: "gpt", batch: 16, length: 128, vocab: 96, width: 128, heads: 4, layers: 4, steps: 20, goals: { f32: 1.3, bf16: 3.0 } },
  { name: "GPT 5.9 M", model: "gpt", batch: 8, length: 256, vocab: 4096, width: 256, heads: 8, layers: 6, steps: 8, goals: { f32: 1.35, bf16: 2.2 } },
  { name: "GPT 30 M", model: "gpt", batch: 4, length: 512, vocab: 8192, width: 512, heads: 8, layers: 8, steps: 4, goals: { f32: 1.2, bf16: 1.7 } },
  { name: "BERT (MLM)", model: "bert", batch: 8, length: 256, vocab: 4096, width: 256, heads: 8, layers: 6, steps: 8, goals: { f32: 1.3, bf16: 2.0 } },
  { name: "T5", model: "t5", batch: 8, length: 256, vocab: 4096, width: 256, heads: 8, layers: 6, steps: 8, goals: { f32: 1.3, bf16: 2.0 } },
].filter((_, i) => !process.argv.includes("--size") || Number(option("--size")) === i + 1);

mkdirSync(join(root, "dist/bench"), { recursive: true });
const step = join(root, "dist/bench/step.mjs");
await build({
  entryPoints: [join(root, "tests/bench/_step.ts")], outfile: step, bundle: true, format: "esm", platform: "node", target: "node20", logLevel: "error",
  external: ["@tensorflow/*", "prettier", "prettier/*"],
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
});

const hasPeer = existsSync(peer) && spawnSync(python, ["-c", "import torch"]).status === 0;
const hasTransformers = hasPeer && spawnSync(python, ["-c", "import transformers"]).status === 0;
if (hasPeer && !hasTransformers) console.log(`BERT and T5 stand without a peer: ${python} has no transformers`);
if (!hasPeer) console.log(`the peer is skipped: ${existsSync(peer) ? `${python} has no torch (\`pip install torch\`; PT_PYTHON names another Python)` : `${peer} is not here (PT_PEER names it)`}`);
console.log(`${cpus()[0].model}, ${threads} threads, tokens a second (best of ${rounds} rounds); torch: eager in f32, torch.compile and autocast in bf16`);
if (loadavg()[0] > 0.5) console.log(`other programs use this machine (load ${loadavg()[0].toFixed(1)}): read the ratios, not the figures`);

const last = (text) => JSON.parse(text.trim().split("\n").at(-1));
const better = (a, b) => ({ speed: Math.max(a?.speed ?? 0, b.best_tokens_per_second), memory: Math.max(a?.memory ?? 0, b.peak_memory) });
const row = (...cells) => console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(12) : cell.padStart(12))).join(""));
const mebibytes = (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`;
row("step", "precision", backend, "torch", "ratio", "goal", "memory", "torch's");
for (const { name, model, batch, length, vocab, width, heads, layers, steps, goals } of sizes) {
  for (const { precision, flags } of precisions) {
    let own = null;
    let theirs = null;
    for (let round = 0; round < rounds; round++) {
      const { target, ...timed } = last(execFileSync(process.execPath, [step, model, ...[batch, length, vocab, width, heads, layers, steps].map(String), backend, precision], { encoding: "utf8", env: { ...process.env, PT_THREADS: String(threads) }, maxBuffer: 1e8 }));
      own = better(own, timed);
      if (!hasPeer || (model !== "gpt" && !hasTransformers)) continue;
      const sizeFlags = Object.entries({ model, batch, length, ...(target ? { target } : {}), vocab, width, heads, layers, steps, threads }).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
      theirs = better(theirs, last(execFileSync(python, [peer, ...sizeFlags, ...flags], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })));
    }
    row(name, precision, String(own.speed), theirs ? String(theirs.speed) : "-", theirs ? (own.speed / theirs.speed).toFixed(2) : "-", goals[precision].toFixed(2), mebibytes(own.memory), theirs ? mebibytes(theirs.memory) : "-");
  }
}
