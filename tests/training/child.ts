// A training process to be killed: `child FOLDER BASE STEPS [BACKEND]`. Prints a line for each event.

import { writeSync } from "node:fs";
import { trainPlan } from "../../runtime/training/loop.ts";
import { tinyPlan } from "./tiny-plan.ts";

const [folder, base, steps, backend = "wasm"] = process.argv.slice(2);
const plan = tinyPlan({ steps: Number(steps), dropout: 0.1 });
await trainPlan(plan, { folder, base, backend, emit: (event) => writeSync(1, `${event.event} ${"step" in event ? event.step : ""}\n`) });
