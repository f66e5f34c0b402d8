// The real `.pt` files that tests read: the shipped specs, and `models.pt` beside the repository where it is.

import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Paths of all of them, and the inputs of the format cases. */
export function published(): string[] {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const specs = existsSync(`${root}specs`) ? readdirSync(`${root}specs`).filter((name) => name.endsWith(".pt")).map((name) => `${root}specs/${name}`) : [];
  const shared = fileURLToPath(new URL("../../../shared/models.pt", import.meta.url));
  const cases = readdirSync(`${root}tests/cases/format`).map((name) => `${root}tests/cases/format/${name}/input.pt`);
  return [...specs, ...(existsSync(shared) ? [shared] : []), ...cases];
}
