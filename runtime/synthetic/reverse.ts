// `reverse`: ids, a separator, and the ids in reverse.

import { defineAnswered } from "./define.ts";

export const reverse = defineAnswered("reverse", "the ids in reverse", (ids) => ids.toReversed());
