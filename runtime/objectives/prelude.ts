// The text of the objectives that are known everywhere: `specs/objectives.pt`, read when the compiler first asks.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { programFolder } from "../host.ts";

let text: string | null = null;

export const prelude = {
  file: "ptarmigan/objectives.pt",
  get text(): string {
    return (text ??= readFileSync(join(programFolder(), "specs", "objectives.pt"), "utf8"));
  },
};
