// Makes the kernels of a release for this kind of machine: `npm run native:prebuild` before `npm pack`, once on each platform.
// (Not called `prebuild`: npm would run that before every `build`.)
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { prebuiltName, versionOf } from "./prebuilt.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const file = join(root, prebuiltName());
mkdirSync(dirname(file), { recursive: true });
const { status } = spawnSync(process.execPath, [join(root, "runtime/backends/native/build.mjs"), "--force", "--strict", "--release", "--output", file], { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

/** The newest glibc that it asks for: older systems compile their own. */
function glibc() {
  try {
    const versions = [...execFileSync("objdump", ["-T", file], { encoding: "utf8" }).matchAll(/GLIBC_(\d+)\.(\d+)/g)].map(([, major, minor]) => [Number(major), Number(minor)]);
    return versions.sort((a, b) => b[0] - a[0] || b[1] - a[1])[0]?.join(".") ?? null;
  } catch {
    return null;
  }
}

const needs = { version: versionOf(root), glibc: glibc() };
writeFileSync(`${file}.json`, `${JSON.stringify(needs)}\n`);
console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(2)} MB${needs.glibc ? `, for glibc ${needs.glibc} and newer` : ""}`);

if (!existsSync(join(root, "dist/runtime/cli.js"))) {
  console.error("not tried: `npm run build` first");
  process.exit(1);
}
const { backends } = JSON.parse(execFileSync(process.execPath, [join(root, "bin/pt.mjs"), "backends", "--quick", "--json"], { encoding: "utf8", env: { ...process.env, PT_NATIVE_FILE: file } }));
const native = backends.find(({ backend }) => backend === "native");
if (!native.available) {
  console.error(`it does not work here: ${native.unavailable}`);
  process.exit(1);
}
console.log("its self test passed");
