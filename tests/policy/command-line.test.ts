// Names, flags and codes that others rely on: they may grow, and nothing of them may go.

import { describe, expect, test } from "vitest";
import { diagnostics } from "../../grammar/diagnostics/index.ts";
import { commands } from "../../runtime/commands/index.ts";
import type { CommandDefinition } from "../../runtime/commands/define.ts";
import * as library from "../../runtime/index.ts";
import codes from "./codes.json" with { type: "json" };

/** DESIGN.md's table. */
const fixed: Readonly<Record<string, { readonly arguments: readonly string[]; readonly flags: readonly string[] }>> = {
  check: { arguments: ["FILE"], flags: ["--json"] },
  format: { arguments: ["FILE"], flags: ["--check", "--write"] },
  plan: { arguments: ["FILE", "RUN"], flags: ["--model", "--json"] },
  compile: { arguments: ["FILE", "RUN"], flags: ["--out", "--explain"] },
  show: { arguments: ["FILE", "NAME"], flags: [] },
  explain: { arguments: ["WHAT"], flags: [] },
  diff: { arguments: ["A", "B"], flags: [] },
  train: { arguments: ["FILE", "RUN"], flags: ["--backend", "--out", "--json"] },
  inspect: { arguments: ["FILE", "RUN"], flags: ["--batch"] },
  generate: { arguments: ["MODEL_DIR"], flags: ["--prompt", "--inputs", "--decode", "--tokens", "--json"] },
  bench: { arguments: ["FILE", "RUN"], flags: ["--steps", "--json"] },
  export: { arguments: ["RUN_DIR"], flags: ["--to"] },
  apply: { arguments: ["MODEL_DIR"], flags: ["--inputs", "--outputs", "--gradients", "--task", "--backend"] },
};

const known = commands as unknown as Readonly<Record<string, CommandDefinition>>;

describe("commands keep their names, arguments and flags", () => {
  for (const [word, { arguments: names, flags }] of Object.entries(fixed)) {
    test.skipIf(!known[word])(word, () => {
      expect(known[word].arguments.map((one) => one.name)).toEqual(expect.arrayContaining([...names]));
      expect(known[word].flags.map((one) => one.name)).toEqual(expect.arrayContaining([...flags]));
    });
  }
});

describe.each(Object.entries(known))("%s", (word, command) => {
  test("its record holds together", () => {
    expect(command.word).toBe(word);
    expect(command.summary).toMatch(/^[A-Z].*\.$/);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const { line } of command.examples) expect(line).toMatch(new RegExp(`(^|[|&] ?)pt ${word}( |$)`));
    for (const { name } of command.flags) expect(name).toMatch(/^--[a-z][a-z-]*$/);
    for (const one of [...command.arguments, ...command.flags]) expect(one.doc).not.toBe("");
    expect(new Set(command.flags.map((one) => one.name)).size).toBe(command.flags.length);
    expect(command.arguments.slice(0, -1).some((one) => one.variadic)).toBe(false);
  });
});

test("no flag but these few could change the mathematics of a run: none sets a value of one", () => {
  const values = ["--lr", "--batch-size", "--seed", "--steps", "--layers", "--epochs"];
  expect(known.train?.flags.map((one) => one.name).filter((name) => values.includes(name)) ?? []).toEqual([]);
});

test("codes are never reused: each keeps its meaning, and those that are gone stay listed", () => {
  const now = Object.fromEntries(Object.values(diagnostics).map((record) => [record.code, record.slug]));
  const was: Readonly<Record<string, string>> = codes;
  for (const [code, slug] of Object.entries(now)) expect({ [code]: was[code] ?? "(not listed: run `npm run generate`)" }).toEqual({ [code]: slug });
});

test("the library's names", () => {
  expect(Object.keys(library)).toEqual(expect.arrayContaining(["check", "format", "compile", "open"]));
});
