// adapter(width): x + up(act(down x)), a narrow layer added to a trained model (Houlsby et al. 2019). It begins as the identity.

import type { Call } from "../plan/schema.ts";
import { biasOf, callIn, defineLayer, matrix, numberIn } from "./define.ts";

export const adapter = defineLayer({
  word: "adapter",
  doc: "Adds to the features a narrow network of themselves; its last product starts at 0.",
  role: "stream",
  parameters: {
    width: { type: { type: "integer", minimum: 1 }, doc: "features between its two products", positional: true, required: true },
    activation: { type: { type: "word", registry: "activation" }, doc: "between the products", positional: true, default: "gelu" },
  },
  width: (_, input) => input.width,
  weights: (args, input) => {
    const width = numberIn(args, "width");
    return {
      "down.weight": matrix(width, input.width),
      "down.bias": biasOf(width),
      "up.weight": { ...matrix(input.width, width), initializer: { word: "zeros", arguments: {} } },
      "up.bias": biasOf(input.width),
    };
  },
  build: (c, x, args, w) => {
    const { word } = callIn(args, "activation") as Call;
    const narrow = c.b.activate(c.b.linear(x!, w["down.weight"], w["down.bias"]), { activation: word });
    return c.b.add(x!, c.b.linear(narrow, w["up.weight"], w["up.bias"]));
  },
});
