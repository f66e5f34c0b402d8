// A long training run whose tensors and memory must stay as they are: `npm run test:soak [-- --minutes 10] [-- --backend native]`.
// The first fifth warms up; after it every step must leave the same tensors, and resident memory must not grow. Garbage is collected before
// each look: JavaScript's heap of 15 MiB otherwise comes and goes by as much again.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));
const option = (name, fallback) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : fallback);
const minutes = Number(option("--minutes", "10"));
const backend = option("--backend", "native");
if (!(minutes > 0)) throw new Error("--minutes takes a number above 0");

mkdirSync(join(root, "dist/soak"), { recursive: true });
const program = join(root, "dist/soak/soak.mjs");
await build({
  entryPoints: [join(root, "tests/soak/soak.ts")], outfile: program, bundle: true, format: "esm", platform: "node", target: "node20", logLevel: "error", external: ["@tensorflow/*"],
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
});
console.log(`training on ${backend} for ${minutes} minutes …`);
const { steps, seconds, moments } = JSON.parse(execFileSync(process.execPath, ["--expose-gc", program, String(minutes), backend], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1e8 }));

const warm = moments.filter((moment) => moment.seconds > seconds / 5);
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const part = (from, to) => warm.filter((moment) => moment.seconds >= from * seconds && moment.seconds < to * seconds);
const [early, late] = [part(0.2, 0.4), part(0.8, 1.1)];
const range = (key) => [Math.min(...warm.map((moment) => moment[key])), Math.max(...warm.map((moment) => moment[key]))];
const growth = median(late.map(({ resident }) => resident)) - median(early.map(({ resident }) => resident));

console.log(`${steps} steps in ${Math.round(seconds)} s; ${warm.length} moments after warm-up, from step ${warm[0].step}`);
console.log(`tensors alive        ${range("tensors").join(" to ")}`);
console.log(`bytes of tensors     ${range("tensorBytes").map(mebibytes).join(" to ")}`);
console.log(`resident memory      ${range("resident").map(mebibytes).join(" to ")}, median ${mebibytes(median(early.map(({ resident }) => resident)))} in the second fifth, ${mebibytes(median(late.map(({ resident }) => resident)))} in the last: ${growth >= 0 ? "+" : "-"}${mebibytes(Math.abs(growth))}`);
console.log(`JavaScript's heap    ${range("heap").map(mebibytes).join(" to ")}`);

const failures = [];
for (const key of ["tensors", "tensorBytes"]) if (range(key)[0] !== range(key)[1]) failures.push(`${key} changed: ${range(key).join(" to ")}`);
// What the allocators of C and JavaScript keep differs by a little: a hundredth of the whole is allowed, and at least 2 MiB.
if (growth > Math.max(2 ** 21, 0.01 * median(early.map(({ resident }) => resident)))) failures.push(`resident memory grew by ${mebibytes(growth)}`);
if (late.length < 20) failures.push(`only ${late.length} moments were measured at the end`);
for (const failure of failures) console.error(`failed: ${failure}`);
if (failures.length) process.exitCode = 1;
else console.log("flat");
