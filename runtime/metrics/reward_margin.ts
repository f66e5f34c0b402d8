// reward_margin: the reward of chosen answers above that of rejected ones (Rafailov et al. 2023).

import { defineMetric, meanOf } from "./define.ts";

export const reward_margin = defineMetric({
  word: "reward_margin",
  doc: "mean of beta · (log π − log reference) of the chosen answer, minus that of the rejected one",
  formula: "mean(reward of chosen − reward of rejected)",
  better: "higher",
  from: "rewards",
  parameters: {},
  compute: (chosen, rejected) => ({ value: meanOf(chosen.map((reward, i) => reward - rejected[i])) }),
});
