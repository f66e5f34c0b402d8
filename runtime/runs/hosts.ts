// The host of a spec that is opened to be compiled: files, and models of other programs.

import { resolve } from "node:path";
import type { FileHost } from "../host.ts";
import { describeImport, type Described } from "../huggingface/describe.ts";

/** Folders are described once, however often the file is checked. */
export function withImports(host: FileHost, cwd: string): FileHost {
  const known = new Map<string, Described>();
  return {
    ...host,
    imported(folder) {
      if (!known.has(folder)) known.set(folder, describeImport(resolve(cwd, folder), cwd));
      return known.get(folder);
    },
  };
}
