// The system's C++ compiler and the headers of Node-API: what building an addon needs. Plain JavaScript: `npm ci` runs it before anything is built.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The command of a C++ compiler that answers, or undefined. */
export function findCompiler() {
  for (const name of [process.env.CXX, "c++", "g++", "clang++"]) {
    if (!name) continue;
    try {
      execFileSync(name, ["--version"], { stdio: "ignore" });
      return name;
    } catch {
      // The next one.
    }
  }
  return undefined;
}

/** The folder of `node_api.h`: from the package, else beside Node itself. Nothing is downloaded. */
export function findHeaders() {
  const found = [];
  try {
    found.push(createRequire(import.meta.url)("node-api-headers").include_dir);
  } catch {
    // The package may have been left out.
  }
  found.push(join(dirname(process.execPath), "../include/node"), "/usr/include/node", "/usr/local/include/node");
  return found.find((folder) => existsSync(join(folder, "node_api.h")));
}
