// everything: all weights are trained.

import { defineAdaptation } from "./define.ts";

export const everything = defineAdaptation({ word: "everything", doc: "All weights are trained.", parameters: {} });
