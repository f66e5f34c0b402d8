// Where the fixtures are: the folder that PT_GOLDENS names, `../shared/goldens` by default; null where there is none.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Golden {
  readonly text: (name: string) => string;
  // Fixtures are foreign JSON; their format is in the goldens' README.
  readonly json: (name: string) => any;
}

export function golden(folder: string): Golden | null {
  const root = process.env.PT_GOLDENS ?? fileURLToPath(new URL("../../../shared/goldens", import.meta.url));
  const path = join(root, folder);
  if (!existsSync(path)) return null;
  const text = (name: string): string => readFileSync(join(path, name), "utf8");
  return { text, json: (name) => JSON.parse(text(name)) };
}
