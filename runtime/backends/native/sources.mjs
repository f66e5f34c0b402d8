// What kernels were compiled from, as a number that is compiled into them: a file that is older than its sources is not used.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Of the C++ files in the package's folder; null where they are not there. */
export function sourcesHash(root) {
  const folder = join(root, "runtime/backends/native/source");
  try {
    const hash = createHash("sha256");
    for (const name of readdirSync(folder).sort()) hash.update(name).update("\0").update(readFileSync(join(folder, name))).update("\0");
    return hash.digest("hex").slice(0, 16);
  } catch {
    return null;
  }
}
