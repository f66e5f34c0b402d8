#!/usr/bin/env node
// Starts the program that `npm run build` puts into dist/.
const [major] = process.versions.node.split(".");
if (Number(major) < 20) {
  console.error(`pt: Node 20 or newer is needed; this is ${process.versions.node}`);
  process.exit(3);
}
const module = await import("node:module");
// Node 22 and newer keep compiled code between runs.
module.enableCompileCache?.();
const cli = await import("../dist/runtime/cli.js").catch((error) => {
  if (error.code !== "ERR_MODULE_NOT_FOUND" || !String(error.message).includes("dist")) throw error;
  console.error("pt: the program is not built; run `npm run build` first");
  process.exit(3);
});
await cli.start();
