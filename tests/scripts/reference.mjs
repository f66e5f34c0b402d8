// The pages of grammar/generated/, made from the records (the vocabulary, the diagnostics), and the list of codes. Run by `npm run generate`.
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

const entry = `
import { diagnosticsPage, referencePage } from "./compiler/reference.ts";
import { vocabularyOf } from "./compiler/phases/2-check/vocabulary.ts";
import { diagnostics } from "./grammar/diagnostics/index.ts";
import { objectivesPage } from "./compiler/objectives/table.ts";
import { catalog as shipped } from "./runtime/catalog.ts";
import { readFileSync } from "node:fs";
// The bundle is elsewhere than the specs.
const catalog = { ...shipped, prelude: { file: shipped.prelude.file, text: readFileSync(${JSON.stringify(join(root, "specs/objectives.pt"))}, "utf8") } };
export const codes = Object.fromEntries(Object.values(diagnostics).map((record) => [record.code, record.slug]));
export const pages = { "grammar/generated/reference.md": referencePage(vocabularyOf(catalog)), "grammar/generated/objectives.md": objectivesPage(catalog), "grammar/generated/diagnostics.md": diagnosticsPage(Object.values(diagnostics)) };
`;

const codesFile = "tests/policy/codes.json";

/** All codes that ever were: new ones are added, and none is changed or taken away, since codes are permanent. */
function codesPage(codes) {
  const known = existsSync(join(root, codesFile)) ? JSON.parse(readFileSync(join(root, codesFile), "utf8")) : {};
  const all = Object.entries({ ...codes, ...known }).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{\n${all.map(([code, slug]) => `  ${JSON.stringify(code)}: ${JSON.stringify(slug)}`).join(",\n")}\n}\n`;
}

/** File → text. */
export async function referenceOutputs() {
  const folder = join(root, "node_modules/.cache");
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `reference-${process.pid}.mjs`);
  await build({
    stdin: { contents: entry, resolveDir: root, loader: "ts" }, outfile, bundle: true, format: "esm", platform: "node", target: "node20",
    external: ["@tensorflow/*", "prettier", "prettier/*"], logLevel: "error",
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  });
  try {
    const { codes, pages } = await import(pathToFileURL(outfile).href);
    return { ...pages, [codesFile]: codesPage(codes) };
  } finally {
    rmSync(outfile);
  }
}
