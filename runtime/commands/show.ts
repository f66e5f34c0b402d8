// pt show FILE NAME: a model's layers, a mask's picture, a run's model and masks.

import { resolve } from "node:path";
import colors from "picocolors";
import { countedHeads, type Architecture, type Head } from "../../compiler/architecture.ts";
import { callFile, callModel } from "../../compiler/model-call.ts";
import { dependence } from "../../compiler/graph/mask.ts";
import { printGraph } from "../../compiler/graph/print.ts";
import type { MaskExpression } from "../../compiler/masks/define.ts";
import { callMask } from "../../compiler/mask-call.ts";
import { longestOf } from "../../compiler/phases/6-emit.ts";
import { classText, forwardGraph, viewModel, type ModelView, type ViewStep } from "../../compiler/show.ts";
import { maskText } from "../../compiler/value-text.ts";
import { readsImages } from "../../compiler/objectives/plan.ts";
import type { RunSpec } from "../../compiler/run-spec.ts";
import { unknownName } from "../../grammar/diagnostics/PT2002-unknown-name.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { fileError } from "../files/user-error.ts";
import { writeAtomically } from "../files/write.ts";
import { plainDiagnostics, printDiagnostics } from "../terminal/diagnostics.ts";
import { mostPositions, pictureOf, pictureText, type PictureOptions } from "../terminal/mask-picture.ts";
import { maskSvg } from "../terminal/mask-svg.ts";
import { exact, flops, short } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { defineCommand, exitCodeOf, jsonFlag, printJson, wrongUsage, type Args, type ExitCode, type Io } from "./define.ts";
import { openValid, type Spec } from "./_spec.ts";

export const showCommand = defineCommand({
  word: "show",
  summary: "Show a model's layers with shapes, parameters and operations, or draw a mask.",
  arguments: [
    { name: "FILE", doc: "a `.pt` file", required: true },
    { name: "NAME", doc: "a model, a run or a mask of the file, or a call: 'gpt2(layers: 2)', 'causal & window(4)'", required: true },
  ],
  flags: [
    { name: "--graph", doc: "print the forward graph instead, one line an operation" },
    { name: "--positions", value: "N", doc: `how many positions of a mask are drawn, 1 to ${mostPositions}` },
    { name: "--prefix", value: "N", doc: "positions of the prefix, for a mask that looks at it" },
    { name: "--documents", value: "LENGTHS", doc: "lengths of packed documents, `3,5,8`, for a mask that looks at them" },
    { name: "--svg", value: "FILE", doc: "write the mask's picture into a file too" },
    jsonFlag,
  ],
  examples: [
    { line: "pt show ptarmigan/gpt2.pt gpt2", does: "lists the layers of GPT-2" },
    { line: "pt show spec.pt 'causal & window(4)'", does: "draws a mask" },
    { line: "pt show spec.pt 'prefix & document' --prefix 3 --documents 6,10 --svg mask.svg", does: "draws it with a prefix in two packed documents, also as SVG" },
  ],
  run: async (args, io) => {
    const spec = openValid(args.values.FILE!, io);
    const [name, json] = [args.values.NAME!, args.on["--json"]];
    const options = pictureOptions(args);
    const run = spec.result.runs.get(name);
    const kind = run ? "run" : kindOf(name, spec);
    const idle = kind === "mask" ? undefined : ["--svg", ...(run ? [] : ["--positions", "--prefix", "--documents"])].find((flag) => args.values[flag] !== undefined);
    if (idle !== undefined) return wrongUsage(io, `\`${idle}\` is for masks, and \`${name}\` is a ${kind}`);
    if (run) return args.on["--graph"] ? showGraph(run.architecture, run.heads, run.length, io) : showRun(run, options, json, io);
    if (kind === "mask") {
      const called = callMask(name, spec.result);
      if ("diagnostics" in called) return failed(called, spec, json, io);
      return showMask(name, called.mask, options, args.values["--svg"], json, io);
    }
    const called = callModel(name, spec.result);
    if ("diagnostics" in called) return failed(called, spec, json, io);
    const { architecture, heads } = called;
    const length = typeof architecture.parameters.context === "number" ? architecture.parameters.context : 1_024;
    if (args.on["--graph"]) return showGraph(architecture, heads, length, io);
    const view = viewModel(architecture, heads.length ? heads : countedHeads(architecture), length);
    if (json) printJson(io, { kind: "model", ...modelJson(view) });
    else io.stdout.write(modelText(view, io));
    return 0;
  },
});

/** By the declaration that the call begins with, else by its form: a model is a name, a mask may be an expression. */
function kindOf(name: string, { result, file }: Spec): "model" | "mask" {
  const word = /^\s*([a-z_][a-z0-9_.]*)\s*(\(.*\))?\s*$/s.exec(name)?.[1];
  if (word === undefined) return "mask";
  const declarations = [...result.scope.bindings].flatMap(([key, list]) => list.map((binding) => ({ key, binding })));
  const own = declarations.filter(({ key }) => key === word.split(".")[0]);
  if (own.some(({ binding }) => binding.kind === "namespace" || (binding.kind === "declaration" && binding.word === "model"))) return "model";
  if (own.some(({ binding }) => binding.kind === "let" || (binding.kind === "declaration" && binding.word === "mask")) || Object.hasOwn(result.context.vocabulary.mask, word)) return "mask";
  const shown = declarations.filter(({ binding }) => binding.kind === "declaration" && ["model", "mask", "pretrain", "finetune"].includes(binding.word)).map(({ key }) => key);
  throw fileError(unknownName, file, { name: word, wanted: "a model, a run or a mask", suggestion: didYouMean(word, shown) ?? (shown.length ? `there are ${shown.map((one) => `\`${one}\``).join(", ")}` : undefined) });
}

function failed({ diagnostics, text }: { diagnostics: readonly Diagnostic[]; text: string }, spec: Spec, json: boolean, io: Io): ExitCode {
  if (json) printJson(io, { diagnostics: plainDiagnostics(diagnostics) });
  else printDiagnostics(diagnostics, io.stderr, io, (file) => (file === callFile ? text : spec.host.textOf(file)));
  return exitCodeOf(diagnostics) || 1;
}

function showGraph(architecture: Architecture, heads: readonly Head[], length: number, io: Io): ExitCode {
  io.stdout.write(printGraph(forwardGraph(architecture, heads, length)));
  return 0;
}

/** Throws UserError where a number is none or does not fit. */
function pictureOptions({ values }: Args): PictureOptions {
  const numbers = (flag: string, wanted: string, fits: (list: readonly number[]) => boolean): readonly number[] | undefined => {
    const text = values[flag];
    if (text === undefined) return undefined;
    const list = text.split(",").map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
    if (list.some(Number.isNaN) || !fits(list)) throw fileError(wrongFlag, "", { flag, given: text, wanted });
    return list;
  };
  const within = (least: number) => (list: readonly number[]) => list.length === 1 && list[0] >= least && list[0] <= mostPositions;
  const positions = numbers("--positions", `a whole number from 1 to ${mostPositions}`, within(1))?.[0];
  const prefix = numbers("--prefix", `a whole number from 0 to ${mostPositions}`, within(0))?.[0];
  const documents = numbers("--documents", `lengths such as \`3,5\`, which make ${positions ?? `at most ${mostPositions}`} positions`, (list) => {
    const sum = list.reduce((all, length) => all + length, 0);
    return !list.includes(0) && (positions === undefined ? sum <= mostPositions : sum === positions);
  });
  return { positions, prefix, documents };
}

function showMask(name: string, mask: MaskExpression, options: PictureOptions, svg: string | undefined, json: boolean, io: Io): ExitCode {
  const uses = dependence(mask);
  if (options.prefix !== undefined && !uses.prefix) return wrongUsage(io, `\`--prefix\`: \`${name}\` does not look at the prefix`);
  if (options.documents !== undefined && !uses.document) return wrongUsage(io, `\`--documents\`: \`${name}\` does not look at documents; \`${name} & document\` does`);
  const picture = pictureOf(mask, options);
  if (svg !== undefined) writeAtomically(resolve(io.cwd, svg), maskSvg(picture, maskText(mask), classText(mask)));
  if (json) printJson(io, { kind: "mask", name, text: maskText(mask), class: classText(mask), ...picture });
  else io.stdout.write(`mask ${name} = ${maskText(mask)}\nclass: ${classText(mask)}\n\n${pictureText(picture, "  ")}${svg === undefined ? "" : `\n${svg} written\n`}`);
  return 0;
}

function showRun(run: RunSpec, options: PictureOptions, json: boolean, io: Io): ExitCode {
  const view = viewModel(run.architecture, run.heads, run.length);
  const lengths = longestOf(run.objective.entries.map((entry) => entry.lengths));
  if (json) {
    printJson(io, { kind: run.kind, name: run.name, lengths, ...modelJson(view) });
    return 0;
  }
  io.stdout.write(`${run.kind} ${run.name}: ${run.objective.text}, ${readsImages(run.objective.streams) ? `${exact(lengths.inputs)} positions an image` : `${exact(lengths.raw)} raw tokens → ${exact(lengths.inputs)} inputs, ${exact(lengths.targets)} targets`}${run.pack ? ", packed" : ""}\n\n${modelText(view, io)}`);
  for (const { mask } of view.masks) {
    // What a packed batch adds to every mask.
    const drawn: MaskExpression = run.pack ? { kind: "and", left: mask, right: { kind: "document" } } : mask;
    io.stdout.write(`\nmask ${maskText(drawn)}\n${pictureText(pictureOf(drawn, options), "  ")}`);
  }
  return 0;
}

function modelJson(view: ModelView): object {
  const { name, length, parameters, active, flops: perToken, sections, masks } = view;
  return { name, length, parameters, active_parameters: active, flops_per_token: perToken, sections, masks: masks.map(({ text, class: classed, paths }) => ({ mask: text, class: classed, layers: paths })) };
}

function modelText(view: ModelView, io: Io): string {
  const c = colors.createColors(io.color);
  const rows: string[][] = [["", "output", "parameters", "FLOPs/token", ""].map(c.dim)];
  const walk = (steps: readonly ViewStep[], indent: string): void => {
    for (const step of steps) {
      if (step.kind === "layer") {
        const { layer } = step;
        rows.push([`${indent}${layer.word}${layer.arguments ? c.dim(`(${layer.arguments})`) : ""}`, `[${layer.shape.join(", ")}]`, layer.parameters ? exact(layer.parameters) : "", layer.flops ? short(layer.flops, "G") : "", layer.shares ? c.dim(`shares ${layer.shares}`) : ""]);
      } else if (step.kind === "repeat") {
        const period = step.shown.length;
        const times = step.copies / period;
        const title = period === step.copies && step.copies > 1 ? `${step.copies} × layers, each different` : period === 1 ? `${step.copies} × layers` : `${Number.isInteger(times) ? times : `${Math.floor(times)}½`} × ${period} layers in turn`;
        rows.push([`${indent}${c.bold(title)}`, "", "", "", ""]);
        step.shown.forEach((copy, i) => {
          if (period > 1) rows.push([`${indent}  ${c.dim(`layer ${i}`)}`, "", "", "", ""]);
          walk(copy.steps, `${indent}${period > 1 ? "    " : "  "}`);
        });
      } else {
        rows.push([`${indent}${c.dim(step.kind)}`, "", "", "", ""]);
        walk(step.steps, `${indent}  `);
      }
    }
  };
  for (const section of view.sections) {
    rows.push([c.bold(section.name), "", "", "", ""]);
    walk(section.steps, "  ");
  }
  const masks = view.masks.map(({ text, class: classed, paths }) => [`mask ${text}`, classed, `${paths.length} × attention`]);
  return `model ${view.name}\n${table(rows, { right: [2, 3] })}\n\n${exact(view.parameters)} parameters (${short(view.parameters)})${view.active === view.parameters ? "" : `, ${exact(view.active)} (${short(view.active)}) of them active for a token`}; ${flops(view.flops)} forward a token at T = ${exact(view.length)}\n${masks.length ? `${table(masks)}\n` : ""}`;
}
