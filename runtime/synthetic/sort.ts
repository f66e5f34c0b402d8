// `sort`: ids, a separator, and the ids in ascending order.

import { defineAnswered } from "./define.ts";

export const sort = defineAnswered("sort", "the ids in ascending order", (ids) => ids.toSorted((a, b) => a - b));
