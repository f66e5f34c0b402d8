// The pages of grammar/generated/, made from the records: the vocabulary and the diagnostics. Run by `npm run generate`.
import { build } from "esbuild";
import { rmSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

const entry = `
import { diagnosticsPage, referencePage } from "./compiler/reference.ts";
import { vocabularyOf } from "./compiler/phases/2-check/vocabulary.ts";
import { diagnostics } from "./grammar/diagnostics/index.ts";
import { catalog } from "./runtime/catalog.ts";
export const pages = { "grammar/generated/reference.md": referencePage(vocabularyOf(catalog)), "grammar/generated/diagnostics.md": diagnosticsPage(Object.values(diagnostics)) };
`;

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
    return (await import(pathToFileURL(outfile).href)).pages;
  } finally {
    rmSync(outfile);
  }
}
