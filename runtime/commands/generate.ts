// pt generate: text that a model writes: a run's, an import's or a Hugging Face folder's.

import { resolve } from "node:path";
import { chooseBackend } from "../backends/_choose.ts";
import { readDecoding, stopOf, withFlags } from "../generation/call.ts";
import { generateTexts, type GeneratedText } from "../generation/generate.ts";
import { readPrompts } from "../generation/inputs.ts";
import { openGenerating } from "../generation/model.ts";
import { checkPrompts } from "../generation/prompts.ts";
import { isFolder } from "../host.ts";
import { trainedRun } from "../runs/open.ts";
import { checkpointFlag, flagNumber } from "../runs/trained.ts";
import { openSession } from "../session.ts";
import { printDiagnostics } from "../terminal/diagnostics.ts";
import { inTurn } from "../terminal/in-turn.ts";
import { uploadAll } from "../training/parameters.ts";
import { defineCommand, jsonFlag, printJson, wrongUsage } from "./define.ts";

export const generateCommand = defineCommand({
  word: "generate",
  summary: "Let a model go on with a text, or answer it.",
  arguments: [
    { name: "MODEL_DIR", doc: "the folder of a run, of an import or of Hugging Face; or the spec that a run was trained from", required: true },
    { name: "RUN", doc: "which run of the spec" },
  ],
  flags: [
    { name: "--prompt", value: "TEXT", variadic: true, doc: "a text to go on with; several give several" },
    { name: "--inputs", value: "FILE", doc: "JSON: a list of texts, or of lists of ids; also as `prompts`, or `input_ids` with an `attention_mask`" },
    { name: "--decode", value: "HOW", doc: "`greedy`, `beam(4, length_penalty: 0.6)` or `sample(temperature: 0.8, top_k: 40, top_p: 0.9)` (default: sample)" },
    { name: "--tokens", value: "N", doc: "at most this many new tokens (default: 100)" },
    { name: "--temperature", value: "X", doc: "of `sample`: 0 is greedy" },
    { name: "--top-k", value: "K", doc: "of `sample`: only the k likeliest tokens" },
    { name: "--top-p", value: "P", doc: "of `sample`: only the likeliest tokens that together have probability p" },
    { name: "--seed", value: "N", doc: "another seed, another text (default: 0)" },
    { name: "--alternatives", value: "N", doc: "with `--json`: so many likeliest ids of each place" },
    checkpointFlag,
    { name: "--spec", value: "FILE", doc: "a spec whose `weights huggingface` block is tried before the shipped ones" },
    { name: "--backend", value: "BACKEND", doc: "where to compute" },
    { name: "--out", value: "DIR", doc: "folder of run folders, when a spec is given (default: runs)" },
    jsonFlag,
  ],
  examples: [
    { line: 'pt generate runs/novelist-1a2b3c4d --prompt "Call me" --tokens 80 --temperature 0.8', does: "go on with a text" },
    { line: "pt generate models/t5 --inputs questions.json --decode 'beam(4, length_penalty: 0.6)' --json", does: "the likeliest answers, with their scores" },
  ],
  run: async (args, io) => {
    const { values } = args;
    const decoding = withFlags(readDecoding(values["--decode"] ?? "sample"), {
      tokens: flagNumber("--tokens", values["--tokens"], { minimum: 1, whole: true }),
      temperature: flagNumber("--temperature", values["--temperature"], { minimum: 0 }),
      top_k: flagNumber("--top-k", values["--top-k"], { minimum: 1, whole: true }),
      top_p: flagNumber("--top-p", values["--top-p"], { minimum: 0, maximum: 1 }),
    });
    const seed = flagNumber("--seed", values["--seed"], { minimum: 0, whole: true }) ?? 0;
    const alternatives = flagNumber("--alternatives", values["--alternatives"], { minimum: 0, whole: true }) ?? 0;
    const path = resolve(io.cwd, values.MODEL_DIR!);
    const folder = isFolder(path) ? path : (await trainedRun(values.MODEL_DIR!, { cwd: io.cwd, out: values["--out"] ?? "runs", ...(values.RUN === undefined ? {} : { run: values.RUN }) })).folder;
    const prompts = [...args.lists["--prompt"], ...(values["--inputs"] === undefined ? [] : await readPrompts(resolve(io.cwd, values["--inputs"]), values["--inputs"]))];
    if (!prompts.length) return wrongUsage(io, "give `--prompt TEXT` or `--inputs FILE`");
    const model = await openGenerating(folder, { cwd: io.cwd, checkpoint: values["--checkpoint"], spec: values["--spec"] });
    const { source, tokenizer } = model;
    const stop = stopOf(decoding, model.stop, tokenizer);
    const ids = prompts.map(model.ids);
    checkPrompts(ids, source, values["--inputs"] ?? folder);
    const session = await openSession(await chooseBackend(values["--backend"], io), { file: folder });
    const weights = uploadAll(session, model.weights);
    const json = args.on["--json"];
    const print = inTurn(io.stdout);
    // A model that answers prints the answer alone; one that goes on, the text with what it goes on from.
    const heading = (prompt: number): string => `${prompt && tokenizer ? "\n" : ""}${source.encoder === null && typeof prompts[prompt] === "string" ? prompts[prompt] : ""}`;
    try {
      const texts = await generateTexts(session, source, weights, ids, tokenizer, {
        decoding, tokens: 100, seed, alternatives, stop, signal: io.signal,
        ...(json ? {} : {
          onText: (prompt: number, piece: string) => print.write(prompt, piece, heading),
          onDone: (prompt: number, sequences: readonly GeneratedText[]) => print.end(prompt, `${tokenizer ? "" : sequences[0]?.ids.join(" ") ?? ""}${sequences.slice(1).map(({ ids: made, text }) => `\n${text ?? made.join(" ")}`).join("")}\n`, heading),
        }),
      });
      if (json) printJson(io, { sequences: texts.flatMap((made, prompt) => made.map((one) => sequenceJson(prompt, one, alternatives))) });
      if (model.warnings.length) printDiagnostics(model.warnings, io.stderr, io);
    } finally {
      session.dispose(weights.values());
    }
    return 0;
  },
});

function sequenceJson(prompt: number, { ids, text, score, logprobs, alternatives }: GeneratedText, noted: number): object {
  return { prompt, ids, text, score, token_logprobs: logprobs, ...(noted ? { alternatives } : {}) };
}
