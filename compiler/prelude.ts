// The objectives that are known everywhere, from the text that the catalog brings (`specs/objectives.pt`).

import type { Catalog } from "./phases/2-check/vocabulary.ts";
import { load } from "./phases/1-resolve/load.ts";
import { createSink, type FileScope, type Host } from "./phases/1-resolve/program.ts";

const alone: Host = { read: () => undefined, resolve: (_, specifier) => ({ file: specifier }) };
const known = new WeakMap<Catalog, FileScope>();

/** Its scope, with one declaration for each name. Throws when the text is wrong: a bug of the project. */
export function preludeOf(catalog: Catalog): FileScope {
  let scope = known.get(catalog);
  if (!scope) {
    const sink = createSink();
    scope = load(catalog.prelude.text, catalog.prelude.file, alone, sink).entry;
    if ([...scope.declarations].length === 0 || sink.errors) throw new Error(`${catalog.prelude.file}: ${sink.diagnostics.map((one) => one.message).join("; ")}`);
    known.set(catalog, scope);
  }
  return scope;
}
