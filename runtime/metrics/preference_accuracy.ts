// preference_accuracy: how often the chosen answer is rewarded above the rejected one (Rafailov et al. 2023).

import { defineMetric } from "./define.ts";

export const preference_accuracy = defineMetric({
  word: "preference_accuracy",
  doc: "share of pairs whose chosen answer has the larger reward; a tie is none",
  formula: "pairs with chosen > rejected / all",
  better: "higher",
  from: "rewards",
  parameters: {},
  compute: (chosen, rejected) => ({ value: chosen.filter((reward, i) => reward > rejected[i]).length / chosen.length }),
});
