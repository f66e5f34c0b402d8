// pt generate: text that a trained run writes.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { nothingGenerated } from "../../grammar/diagnostics/PT8030-nothing-generated.ts";
import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { chooseBackend } from "../backends/_choose.ts";
import { fileError } from "../files/user-error.ts";
import { trainedRun } from "../runs/open.ts";
import { checkpointFlag, chosenCheckpoint, flagNumber, tokenizerIn } from "../runs/trained.ts";
import { openSession } from "../session.ts";
import { generateTexts, generationOf } from "../training/generate.ts";
import { uploadAll } from "../training/parameters.ts";
import { readDecoding } from "../runs/decoding.ts";
import { defineCommand, jsonFlag, printJson, wrongUsage } from "./define.ts";

export const generateCommand = defineCommand({
  word: "generate",
  summary: "Let a trained run go on with a text.",
  arguments: [
    { name: "MODEL_DIR", doc: "the folder of a run, or the spec that it was trained from", required: true },
    { name: "RUN", doc: "which run of the spec" },
  ],
  flags: [
    { name: "--prompt", value: "TEXT", variadic: true, doc: "a text to go on with; several give several" },
    { name: "--inputs", value: "FILE", doc: "JSON: a list of texts, or of lists of ids" },
    { name: "--decode", value: "HOW", doc: "`greedy`, or `sample(temperature: 0.8, top_k: 40, top_p: 0.9)` (default: sample)" },
    { name: "--tokens", value: "N", doc: "at most this many new tokens (default: 100)" },
    { name: "--temperature", value: "X", doc: "0 is greedy" },
    { name: "--top-k", value: "K", doc: "only the k likeliest tokens" },
    { name: "--top-p", value: "P", doc: "only the likeliest tokens that together have probability p" },
    { name: "--seed", value: "N", doc: "another seed, another text (default: 0)" },
    checkpointFlag,
    { name: "--backend", value: "BACKEND", doc: "where to compute" },
    { name: "--out", value: "DIR", doc: "folder of run folders, when a spec is given (default: runs)" },
    jsonFlag,
  ],
  examples: [{ line: 'pt generate runs/novelist-1a2b3c4d --prompt "Call me" --tokens 80 --temperature 0.8', does: "go on with a text" }],
  run: async (args, io) => {
    const run = await trainedRun(args.values.MODEL_DIR!, { cwd: io.cwd, run: args.values.RUN, out: args.values["--out"] ?? "runs" });
    const { plan, folder } = run;
    const prompts = [...args.lists["--prompt"], ...(args.values["--inputs"] ? readInputs(resolve(io.cwd, args.values["--inputs"])) : [])];
    if (!prompts.length) return wrongUsage(io, "give `--prompt TEXT` or `--inputs FILE`");
    const decoding = readDecoding(args.values["--decode"]);
    const settings = {
      tokens: flagNumber("--tokens", args.values["--tokens"], { minimum: 1, whole: true }) ?? decoding.tokens ?? 100,
      temperature: flagNumber("--temperature", args.values["--temperature"], { minimum: 0 }) ?? decoding.temperature,
      top_k: flagNumber("--top-k", args.values["--top-k"], { minimum: 1, whole: true }) ?? decoding.top_k,
      top_p: flagNumber("--top-p", args.values["--top-p"], { minimum: 0, maximum: 1 }) ?? decoding.top_p,
      seed: flagNumber("--seed", args.values["--seed"], { minimum: 0, whole: true }) ?? 0,
    };
    const loaded = await chosenCheckpoint(folder, args.values["--checkpoint"]);
    const tokenizer = await tokenizerIn(folder);
    if (!plan.graphs.decode) throw fileError(nothingGenerated, folder, { run: plan.name });
    const vocab = plan.graphs.decode.values[plan.graphs.decode.outputs.logits].shape[1];
    checkPrompts(prompts, tokenizer !== null, vocab);
    const session = await openSession(await chooseBackend(args.values["--backend"]), { file: folder });
    const weights = uploadAll(session, loaded.weights);
    const json = args.on["--json"];
    try {
      let open = -1;
      const texts = await generateTexts(session, generationOf(plan), weights, prompts, tokenizer, {
        ...settings,
        signal: io.signal,
        onText: (index, piece) => {
          if (json) return;
          if (index !== open) io.stdout.write(`${open >= 0 ? "\n\n" : ""}${String(prompts[index])}`);
          open = index;
          io.stdout.write(piece);
        },
      });
      if (json) printJson(io, { sequences: texts.map(({ ids, text }) => ({ ids, text, score: null })) });
      else io.stdout.write(tokenizer ? "\n" : `${texts.map(({ ids }) => ids.join(" ")).join("\n")}\n`);
    } finally {
      session.dispose(weights.values());
    }
    return 0;
  },
});

function readInputs(path: string): (string | number[])[] {
  const wrong = (wanted: string): never => {
    throw fileError(wrongFlag, path, { flag: "--inputs", given: path, wanted });
  };
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    return wrong(`a JSON file (${(error as Error).message})`);
  }
  const list = Array.isArray(json) ? json : (json as { input_ids?: unknown; prompts?: unknown })?.prompts ?? (json as { input_ids?: unknown })?.input_ids;
  const fits = Array.isArray(list) && list.every((item) => typeof item === "string" || (Array.isArray(item) && item.length && item.every((id) => Number.isInteger(id) && id >= 0)));
  return fits ? (list as (string | number[])[]) : wrong("a JSON list of texts or of lists of ids");
}

function checkPrompts(prompts: readonly (string | readonly number[])[], hasTokenizer: boolean, vocab: number): void {
  for (const prompt of prompts) {
    if (typeof prompt === "string" && !hasTokenizer) throw fileError(wrongFlag, "", { flag: "--prompt", given: prompt, wanted: "ids in `--inputs`: the folder has no tokenizer" });
    const high = typeof prompt === "string" ? undefined : prompt.find((id) => id >= vocab);
    if (high !== undefined) throw fileError(wrongFlag, "", { flag: "--inputs", given: String(high), wanted: `ids below ${vocab}` });
  }
}
