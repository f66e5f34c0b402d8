// Bundles the program into dist/ (esbuild) and writes its type declarations (tsc). `--types` only when asked: they take longer.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
process.chdir(root);
rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: {
    "runtime/cli": "runtime/cli.ts",
    "runtime/training/ahead-worker": "runtime/training/ahead-worker.ts",
    ...(existsSync("runtime/index.ts") ? { "runtime/index": "runtime/index.ts" } : {}),
    "grammar/prettier-plugin": "grammar/prettier-plugin.ts",
  },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: "linked",
  minifyWhitespace: true,
  minifySyntax: true,
  // Large or native packages stay what npm installed; small ones are bundled so that a cold start reads few files.
  external: ["@tensorflow/*", "prettier", "prettier/*"],
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  logLevel: "warning",
});
if (process.argv.includes("--types")) execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json"], { stdio: "inherit" });
