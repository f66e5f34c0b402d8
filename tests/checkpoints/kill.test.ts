// kill −9 at random moments: every time, the newest checkpoint that was reported saved, or a later one, loads whole.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect, it } from "vitest";
import { randomStream } from "../../compiler/random.ts";
import { listCheckpoints, loadCheckpoint } from "../../runtime/checkpoints/checkpoint.ts";
import { temporaryFolder } from "../files/temporary.ts";

const kills = 40;

it(`survives ${kills} sudden deaths`, { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const program = join(folder, "writer.mjs");
  buildSync({ entryPoints: [join(import.meta.dirname, "writer.ts")], bundle: true, platform: "node", format: "esm", outfile: program, external: ["tinyglobby"], logLevel: "error" });
  const run = join(folder, "run");
  const random = randomStream(20_250, "kill");
  let reached = 0;
  for (let death = 0; death < kills; death++) {
    const reported = await killed(program, run, 0.2 + random.unit() * 25);
    const loaded = await loadCheckpoint(run, "last");
    const where = `death ${death} after step ${reported}`;
    if (loaded === null) {
      expect(reported, where).toBe(0);
      continue;
    }
    expect(loaded.warnings, where).toEqual([]);
    expect(loaded.step, where).toBeGreaterThanOrEqual(Math.max(reported, reached));
    for (const tensors of [loaded.weights, loaded.optimizer]) for (const { data } of tensors.values()) expect(data.every((value) => value === loaded.step), where).toBe(true);
    const best = loaded.state.best_step as number;
    expect((await loadCheckpoint(run, "best"))!.step, where).toBe(best);
    // At most the two newest, the best, and one more that the dead process had no time to remove.
    expect(listCheckpoints(run).length, where).toBeLessThanOrEqual(5);
    reached = loaded.step;
  }
  expect(reached).toBeGreaterThan(kills / 2);
});

/** Runs the writer, kills it that many milliseconds after its first report, and returns the last step it reported. */
function killed(program: string, run: string, delay: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, run], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    let armed = false;
    child.stdout.on("data", (chunk) => {
      output += chunk;
      if (!armed) setTimeout(() => child.kill("SIGKILL"), delay);
      armed = true;
    });
    child.stderr.on("data", (chunk) => (errors += chunk));
    child.on("error", reject);
    child.on("close", (_, signal) => (signal === "SIGKILL" ? resolve(Number(output.trimEnd().split("\n").at(-1))) : reject(new Error(errors))));
  });
}
