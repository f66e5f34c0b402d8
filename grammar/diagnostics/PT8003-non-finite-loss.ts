// A loss that is NaN or infinite under `guard: stop`.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const nonFiniteLoss = defineDiagnostic<{ readonly step: number; readonly first: number; readonly last: number; readonly loss: string; readonly checkpoint: number | null }>({
  code: "PT8003",
  slug: "non-finite-loss",
  severity: "error",
  title: "The loss is not a finite number.",
  message: (data) => `the loss of step ${data.step} is ${data.loss}; its batch is examples ${data.first} to ${data.last} of the shuffled data`,
  hint: (data) => `lower the learning rate or clip gradients (\`clip: 1.0\`); \`guard: skip\` leaves such batches out. ${data.checkpoint === null ? "There is no checkpoint yet" : `The checkpoint of step ${data.checkpoint} is kept`}`,
  page: "A loss that is infinite or not a number spoils every weight at the next update, so the run stops before it. `guard: skip` leaves the update out and goes on; `guard: rollback` returns to the last checkpoint and leaves the batch out when it comes again. `pt inspect FILE RUN` shows the batch.",
  failing: dataExample({ optimizer: "adamw(lr: 1e38)", train: "8 steps" }),
  fixed: dataExample(),
});
