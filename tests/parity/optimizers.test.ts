// Every trajectory of the goldens' optimizers, in float64 by the oracle and in float32 on the backends that run here.

import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Arguments, OptimizerDefinition } from "../../compiler/optimizers/define.ts";
import { optimizers } from "../../compiler/optimizers/index.ts";
import { backends } from "../../runtime/backends/index.ts";
import type { BackendDefinition } from "../../runtime/backends/define.ts";
import { openSession } from "../../runtime/session.ts";
import { expectTrajectory, expectTrajectoryOn, folder, golden, goldensMissing, reason } from "../optimizers/golden.ts";

const known: Readonly<Record<string, OptimizerDefinition>> = optimizers;

/** Every argument's default, as the checker reads it. */
function defaults(optimizer: OptimizerDefinition): Arguments {
  const read = (text: string) => (text === "off" || text === "on" ? text === "on" : /^[-\d[]/.test(text) ? JSON.parse(text) : text);
  return Object.fromEntries(Object.entries(optimizer.parameters).flatMap(([name, field]) => (field.default === undefined ? [] : [[name, read(field.default)]])));
}

/** The libraries' names of settings in ours. */
function translated(source: string, name: string, settings: Record<string, any>): { word: string; args: Arguments } {
  const { lr, wd, beta1, beta2, beta2_decay, d, decay_rate, eps, ...same } = settings;
  const given: Record<string, any> = { ...same, ...(lr === null || lr === undefined ? {} : { lr }), ...(eps === undefined ? {} : { eps }) };
  switch (source) {
    case "torch.optim.AdamW":
    case "torch.optim.Adam":
    case "torch.optim.SGD":
      return { word: source.split(".").at(-1)!.toLowerCase(), args: given };
    case "transformers.optimization.Adafactor":
      return { word: "adafactor", args: { relative_step: true, ...given, ...(beta1 ? { beta1 } : {}), ...(decay_rate === undefined ? {} : { decay_rate: -decay_rate }) } };
    case "torch.optim.Adafactor":
      return { word: "adafactor", args: { variant: "torch", ...given, ...(d === undefined ? {} : { clip_threshold: d }), ...(beta2_decay === undefined ? {} : { decay_rate: -beta2_decay }) } };
    default:
      return { word: name.split("_")[0], args: { ...given, betas: [beta1, beta2], weight_decay: wd } };
  }
}

describe.skipIf(goldensMissing)(`optimizers${reason}`, async () => {
  const names = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -5)).filter((name) => golden(name).trajectory) : [];
  const sessions = await Promise.all(Object.values(backends as Record<string, BackendDefinition>).map(async (backend) => ((await backend.available()) === null ? openSession(backend.word) : null)));

  test("there are some", () => expect(names.length).toBeGreaterThan(0));
  describe.each(names)("%s", (name) => {
    const { source, settings, trajectory } = golden(name);
    const { word, args: given } = translated(source, name, settings);
    const args: Arguments = { ...defaults(known[word]), decay: "everything", ...given };

    test("float64", () => {
      expect(known[word].problem?.(args) ?? null).toBeNull();
      expectTrajectory(known[word], args, trajectory);
    });
    for (const session of sessions) {
      if (session) test(`float32 on ${session.backend}`, async () => expectTrajectoryOn(session, known[word], args, (args.lr ?? 1) as number, trajectory, 2e-6));
    }
  });
});
