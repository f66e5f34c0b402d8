// pt report DIR: what came of an ablation, a run or a folder of runs, as a page, a document or a table.

import { dirname, extname, join, resolve } from "node:path";
import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { fileError } from "../files/user-error.ts";
import { formats, pictureFolder, renderReport, writeReport, type Format } from "../reports/_report.ts";
import { readSubject } from "../reports/_subject.ts";
import { defineCommand } from "./define.ts";

export const reportCommand = defineCommand({
  word: "report",
  summary: "Report an ablation, a run or a folder of runs: tables, curves, comparisons, specs.",
  arguments: [{ name: "DIR", doc: "the folder of an ablation or a run, or the folder that holds them", required: true }],
  flags: [
    { name: "--format", value: "FORMAT", doc: "html, markdown (with pictures in a folder `report` beside it), csv or json (default: by the name of `--out`, else html)" },
    { name: "--out", value: "FILE", doc: "where to write it (default: `report.html` or `report.md` in DIR; csv and json are printed)" },
  ],
  examples: [
    { line: "pt report runs/architectures-1a2b3c4d", does: "writes `report.html` into the ablation's folder: one page that needs nothing else" },
    { line: "pt report runs/architectures-1a2b3c4d --format csv", does: "prints the table with all digits" },
    { line: "pt report runs/architectures-1a2b3c4d --out REPORT.md", does: "writes a document, with its pictures in `report/`" },
    { line: "pt report runs", does: "compares all runs of a folder" },
  ],
  run: async (args, io) => {
    const dir = args.values.DIR!;
    const out = args.values["--out"];
    const format = formatOf(args.values["--format"], out);
    const path = resolve(io.cwd, dir);
    const rendered = await renderReport(await readSubject(path, dir), format);
    const written = out ?? { html: join(dir, "report.html"), markdown: join(dir, "report.md"), csv: null, json: null }[format];
    if (written === null) io.stdout.write(rendered.text);
    else {
      const file = resolve(io.cwd, written);
      writeReport(rendered, file, join(dirname(file), pictureFolder));
      const pictures = Object.keys(rendered.files).length;
      io.stdout.write(`${written} written${pictures ? `, with ${pictures} ${pictures === 1 ? "picture" : "pictures"} in ${join(dirname(written), pictureFolder)}` : ""}\n`);
    }
    return 0;
  },
});

const endings: { readonly [ending: string]: Format } = { ".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".csv": "csv", ".json": "json" };

function formatOf(given: string | undefined, out: string | undefined): Format {
  if (given === undefined) return (out !== undefined && endings[extname(out).toLowerCase()]) || "html";
  const found = formats.find((format) => format === given);
  if (!found) throw fileError(wrongFlag, "", { flag: "--format", given, wanted: "html, markdown, csv or json" });
  return found;
}
