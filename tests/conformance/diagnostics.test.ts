// Every diagnostic's failing example fails with exactly its code, and the mended one passes, through the command line.

import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { exampleOf } from "../../compiler/reference.ts";
import type { DiagnosticRecord } from "../../grammar/diagnostics/define.ts";
import { diagnostics } from "../../grammar/diagnostics/index.ts";
import { lazyCommands } from "../../runtime/commands/_lazy.ts";
import { folderWith, pt } from "../harness/cli.ts";

/** What no files and no command line can bring about, and where it is tested instead. */
const exempt: Readonly<Record<string, string>> = {
  PT2033: "needs a text that is checked without files: tests/tasks/imported.test.ts",
  PT7007: "needs a plan of a newer version: tests/data/batch.test.ts",
  PT7011: "needs a tokenizer that was replaced after the plan was made: tests/data/tokenizer.test.ts",
  PT7013: "the compiler refuses it first; plans of other versions: tests/data/tokenizer.test.ts",
  PT7014: "needs a plan of a newer version: tests/data/tokenizer.test.ts",
  PT7230: "needs a trained run: tests/export/huggingface.test.ts",
  PT7231: "needs a trained run: tests/export/huggingface.test.ts",
  PT7232: "needs a trained run: tests/export/huggingface.test.ts",
  PT7233: "needs a trained run: tests/export/huggingface.test.ts",
  PT7234: "no shipped layer has such an op outside training: tests/export/tfjs.test.ts",
  PT7235: "needs a trained run: tests/export/huggingface.test.ts",
  PT7015: "needs texts on standard input: tests/commands/tokenize.test.ts",
  PT7090: "needs a file that changes while a run trains: tests/training/ahead.test.ts",
  PT7093: "needs files that change between two calls: tests/ablations/mixed-data.test.ts",
  PT8002: "needs a machine without memory: tests/backends",
  PT8005: "needs two runs, with a change of the data between them: tests/training/resume.test.ts",
  PT8006: "needs a run folder of another plan: tests/training/resume.test.ts",
  PT8030: "needs a trained encoder: tests/commands/generate.test.ts",
  PT8011: "needs a compiled plan whose base was not trained here: tests/commands/train.test.ts",
  PT8013: "needs a compiled plan whose teacher was not trained here: tests/training/teachers.test.ts",
  PT8041: "needs a trained run: tests/evaluation/command.test.ts",
  PT8042: "needs a trained run: tests/evaluation/command.test.ts",
  PT8043: "needs a trained run: tests/evaluation/command.test.ts",
  PT8044: "needs a trained run: tests/evaluation/command.test.ts",
  PT8101: "needs a full disk: tests/checkpoints/disk-full.test.ts",
  PT8103: "needs a checkpoint that was damaged after it was written: tests/checkpoints/checkpoint.test.ts",
  PT8105: "needs another process that trains: tests/checkpoints/lock.test.ts",
};

const records = Object.values(diagnostics as unknown as Readonly<Record<string, DiagnosticRecord<never>>>);

describe("diagnostics", () => {
  for (const record of records) {
    const reason = exempt[record.code];
    const failing = exampleOf(record.failing);
    const fixed = exampleOf(record.fixed);
    const missing = [failing, fixed].map((example) => (example.command ?? ["check"])[0]).find((word) => !Object.hasOwn(lazyCommands, word));
    const title = `${record.code} ${record.slug}`;
    if (reason !== undefined || missing !== undefined) {
      test.skip(`${title}: ${reason ?? `\`pt ${missing}\` does not exist yet`}`, () => {});
      continue;
    }
    test(`${title}: the bad example fails with exactly this code`, async () => {
      const ran = await pt(failing.command ?? ["check", "main.pt"], folderWith(failing.files));
      expect([...new Set(ran.codes)], ran.stdout + ran.stderr).toEqual([record.code]);
      if (record.severity === "error") expect(ran.code, ran.stderr).toBeGreaterThan(0);
      else expect(ran.code, ran.stderr).toBe(0);
    });
    test(`${title}: the mended example passes`, async () => {
      const ran = await pt(fixed.command ?? ["check", "main.pt"], folderWith(fixed.files));
      expect(ran.codes, ran.stdout + ran.stderr).toEqual([]);
      expect(ran.code, ran.stderr).toBe(0);
    });
    test(`${title}: what its fixes lead to no longer has it`, async () => {
      const folder = folderWith(failing.files);
      const found = await pt(["check", "--json", "main.pt"], folder);
      if (failing.command || !/"fixes":\[\{/.test(found.stdout)) return;
      const ran = await pt(["check", "--fix", "main.pt"], folder);
      expect(ran.codes, ran.stdout).toEqual([]);
    });
  }
});

test("codes are unique, and files are named after them", () => {
  const files = readdirSync(new URL("../../grammar/diagnostics/", import.meta.url)).filter((name) => /^PT\d/.test(name)).sort();
  expect(files).toEqual(records.map((record) => `${record.code}-${record.slug}.ts`).sort());
  expect(new Set(records.map((record) => record.code)).size).toBe(records.length);
});

test("the exempt codes exist", () => {
  for (const code of Object.keys(exempt)) expect(records.map((record) => record.code)).toContain(code);
});
