// pt watch: a page on this machine with the curves of what trains.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { noRunFolder } from "../../grammar/diagnostics/PT8010-no-run-folder.ts";
import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { fileError, systemCode } from "../files/user-error.ts";
import { flagNumber } from "../runs/trained.ts";
import { serve } from "../watch/server.ts";
import { watcher } from "../watch/snapshot.ts";
import { defineCommand, jsonFlag, printJson } from "./define.ts";

const usualPort = 7_070;

export const watchCommand = defineCommand({
  word: "watch",
  summary: "Show the curves of runs or of an ablation in a browser, as they grow.",
  arguments: [{ name: "DIR", doc: "the folder of a run, of an ablation, or of runs (default: runs)" }],
  flags: [{ name: "--port", value: "PORT", doc: `port on this machine; 0 takes a free one (default: ${usualPort})` }, jsonFlag],
  examples: [{ line: "pt watch runs/sizes-1a2b3c4d", does: "serves a page on localhost until Ctrl-C; nothing is sent elsewhere" }],
  run: async (args, io) => {
    const name = args.values.DIR ?? "runs";
    const folder = resolve(io.cwd, name);
    if (!existsSync(folder)) throw fileError(noRunFolder, name, { folder: name, reason: "there is no such folder" });
    const port = flagNumber("--port", args.values["--port"], { minimum: 0, maximum: 65_535, whole: true }) ?? usualPort;
    const server = await serve(watcher(folder), port).catch((error: unknown) => {
      if (systemCode(error) !== "EADDRINUSE") throw error;
      throw fileError(wrongFlag, "", { flag: "--port", given: String(port), wanted: "a port that nothing else uses; 0 takes a free one" });
    });
    if (args.on["--json"]) printJson(io, { url: server.url });
    else io.stdout.write(`${name}: ${server.url} (Ctrl-C ends it)\n`);
    await new Promise<void>((end) => (io.signal.aborted ? end() : io.signal.addEventListener("abort", () => end(), { once: true })));
    await server.close();
    return 0;
  },
});
