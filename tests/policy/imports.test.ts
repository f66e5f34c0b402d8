// Imports point left: grammar ← compiler ← runtime. The compiler reads no file, clock or random source and never loads tfjs.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const sources = (folder: string): string[] => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith(".ts")).map((entry) => relative(root, join(entry.parentPath, entry.name))).sort();

interface Import { readonly file: string; readonly target: string; readonly type: boolean }

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8").replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  const statements = [...text.matchAll(/^\s*(import|export)( type)?[^;"'`]*?from\s*["']([^"']+)["']/gm)].map((match) => ({ type: match[2] !== undefined, specifier: match[3] }));
  const bare = [...text.matchAll(/^\s*import\s*["']([^"']+)["']/gm)].map((match) => ({ type: false, specifier: match[1] }));
  // `typeof import("x")` and `import("x").Y` in types are dropped too; what remains is loaded.
  const dynamic = [...text.matchAll(/(?<!typeof )\bimport\(\s*["']([^"']+)["']\s*\)(?!\.\w+[<;,)\s|])/g)].map((match) => ({ type: false, specifier: match[1] }));
  return [...statements, ...bare, ...dynamic].map(({ type, specifier }) => ({ file, type, target: specifier.startsWith(".") ? relative(root, join(root, dirname(file), specifier)) : specifier }));
}

const folders = ["grammar", "compiler", "runtime"] as const;
const imports = Object.fromEntries(folders.map((folder) => [folder, sources(folder).flatMap(importsOf)])) as Record<(typeof folders)[number], Import[]>;
const list = (found: Import[]): string[] => found.map(({ file, target }) => `${file} imports ${target}`);

describe("imports", () => {
  test("the reader of imports sees them", () => {
    expect(imports.compiler.length).toBeGreaterThan(200);
    expect(list(imports.runtime)).toContain("runtime/commands/check.ts imports compiler/check.ts");
  });

  test("grammar imports nothing of compiler or runtime", () => {
    expect(list(imports.grammar.filter(({ target }) => /^(compiler|runtime|tests)\//.test(target)))).toEqual([]);
  });

  test("compiler imports nothing of runtime", () => {
    expect(list(imports.compiler.filter(({ target }) => /^(runtime|tests)\//.test(target)))).toEqual([]);
  });

  test("runtime imports nothing of tests", () => {
    expect(list(imports.runtime.filter(({ target }) => target.startsWith("tests/")))).toEqual([]);
  });

  test("grammar and compiler import tfjs for its types only", () => {
    expect(list([...imports.grammar, ...imports.compiler].filter(({ target, type }) => target.startsWith("@tensorflow/") && !type))).toEqual([]);
  });

  test("grammar and compiler know no file, process or network; of Node only hashing", () => {
    const allowed = ["node:crypto"];
    expect(list([...imports.grammar, ...imports.compiler].filter(({ target }) => /^node:/.test(target) && !allowed.includes(target)))).toEqual([]);
  });

  test("relative imports name existing .ts files, or the plain .mjs that `npm ci` runs too", () => {
    const known = new Set(folders.flatMap((folder) => sources(folder)));
    const relativeOnes = folders.flatMap((folder) => imports[folder]).filter(({ target }) => /^(grammar|compiler|runtime)\//.test(target));
    expect(list(relativeOnes.filter(({ target }) => !known.has(target) && !(target.endsWith(".mjs") && existsSync(join(root, target)))))).toEqual([]);
  });

  test("the command line loads no command before it knows which", () => {
    expect(list(imports.runtime.filter(({ file, target, type }) => ["runtime/cli.ts", "runtime/terminal/process-io.ts", "runtime/terminal/arguments.ts"].includes(file) && !type && /commands\/(?!define|_lazy)/.test(target)))).toEqual([]);
  });
});

test("grammar and compiler ask no clock, no random source and no environment", () => {
  const forbidden = /\b(Math\.random|Date\.now|new Date\(|performance\.now|process\.(env|cwd|hrtime|argv)|crypto\.random|localeCompare|toLocale\w*String|Intl\.)/;
  const found = [...sources("grammar"), ...sources("compiler")].flatMap((file) =>
    readFileSync(join(root, file), "utf8").split("\n").flatMap((line, i) => (forbidden.test(line) && !/^\s*(\/\/|\*)/.test(line) ? [`${file}:${i + 1} ${line.trim()}`] : [])));
  expect(found).toEqual([]);
});
