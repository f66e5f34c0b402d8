// A source names a package that Node does not find.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const missingPackage = defineDiagnostic<{ readonly pattern: string; readonly package: string }>({
  code: "PT7001",
  slug: "missing-package",
  severity: "error",
  title: "A data package is not installed.",
  message: (data) => `the package \`${data.package}\` of \`${data.pattern}\` is not installed`,
  hint: (data) => `run \`npm install --no-save ${data.package}\``,
  page: "`npm:package/path` reads files of an npm package. It is looked for as Node does: in `node_modules` beside the `.pt` file and in the folders above it, then where Ptarmigan itself is installed. Data packages are big, so none is installed by default; `--no-save` leaves `package.json` as it is.",
  failing: dataExample({ files: "npm:datasets-of-nobody/data/*.txt", beside: {} }),
  fixed: dataExample(),
});
