// `npm run test:browser`: loads exported models with TensorFlow.js in a headless Chromium. A browser that is there is used (PT_BROWSER
// names one); else one is installed from npm into node_modules/.cache, once. It is no dependency: most never need it.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const cache = join(root, "node_modules/.cache/browser-tests");
// The last release of this packaging for Node 20.
const packages = ["@tensorflow/tfjs@4.22.0", "@sparticuz/chromium@138.0.2"];

function onPath() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  return names.map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout?.trim()).find(Boolean);
}

function install(wanted) {
  mkdirSync(cache, { recursive: true });
  if (wanted.every((name) => existsSync(join(cache, "node_modules", name.slice(0, name.lastIndexOf("@")))))) return;
  console.log(`installing ${wanted.join(" and ")} into ${cache}`);
  execFileSync("npm", ["install", "--prefix", cache, "--no-save", "--no-audit", "--no-fund", ...wanted], { stdio: ["ignore", "ignore", "inherit"] });
}

/** The package unpacks its browser into the folder for temporary files. */
async function installed() {
  const unpacked = join(cache, "unpacked");
  mkdirSync(unpacked, { recursive: true });
  process.env.TMPDIR = unpacked;
  const { default: chromium } = await import(pathToFileURL(join(cache, "node_modules/@sparticuz/chromium/build/esm/index.js")).href);
  const path = await chromium.executablePath();
  delete process.env.TMPDIR;
  return path;
}

const found = process.env.PT_BROWSER ?? onPath();
let browser = found;
let reason = "";
try {
  install(found ? packages.slice(0, 1) : packages);
  browser ??= await installed();
} catch (error) {
  reason = `no browser could be installed: ${error.message.split("\n")[0]}`;
}
const env = { ...process.env, PT_BROWSER: browser ?? "", PT_BROWSER_TFJS: join(cache, "node_modules/@tensorflow/tfjs/dist/tf.min.js"), PT_BROWSER_MISSING: reason };
process.exit(spawnSync("npx", ["vitest", "run", "tests/export/browser.test.ts", ...process.argv.slice(2)], { cwd: root, stdio: "inherit", env }).status ?? 1);
