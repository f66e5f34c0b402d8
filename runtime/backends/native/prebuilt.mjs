// Where the kernels of a release lie: prebuilds/<platform>-<arch>/ptarmigan[.<libc>].node, as node-gyp-build names them, beside what they were built from.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The C library that Node runs on, where a platform has several. */
function libc() {
  if (process.platform !== "linux") return null;
  const musl = readdirSync("/lib", { withFileTypes: true }).some(({ name }) => name.startsWith("ld-musl-"));
  return musl ? "musl" : "glibc";
}

/** The name for this machine, from the package's folder. */
export function prebuiltName() {
  const tag = libc();
  return join("prebuilds", `${process.platform}-${process.arch}`, `ptarmigan${tag ? `.${tag}` : ""}.node`);
}

/** The version of the package in this folder. */
export const versionOf = (root) => JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;

/** Prebuilt files for this machine that belong to the version in this folder; none in most checkouts. */
export function prebuiltFiles(root) {
  const file = join(root, prebuiltName());
  try {
    const { version } = JSON.parse(readFileSync(`${file}.json`, "utf8"));
    readFileSync(file, { flag: "r" });
    return version === versionOf(root) ? [file] : [];
  } catch {
    return [];
  }
}
