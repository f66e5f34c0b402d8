// class_token(stream): a learned vector before the first position (Dosovitskiy et al. 2021).

import { defineLayer, initialized } from "./define.ts";

export const class_token = defineLayer({
  word: "class_token",
  doc: "Puts a learned vector before the first position of an embedding.",
  role: "embedding",
  parameters: { stream: { type: { type: "layer" }, doc: "the embedding that follows it", positional: true, required: true }, initializer: { ...initialized.initializer, doc: "what the vector begins with instead of a normal distribution of deviation 0.02" } },
  width: (_, input) => input.parts?.stream.width ?? 0,
  positions: (_, __, part) => 1 + part("stream"),
  weights: (_, input) => {
    const width = input.parts?.stream.width ?? 0;
    return { weight: { shape: [width], initializer: { word: "normal", arguments: { deviation: 0.02 } }, decay: false } };
  },
  build: (c, _, __, { weight }) => {
    const { b } = c;
    const stream = c.part("stream");
    const [B, , D] = b.info(stream).shape;
    return b.concatenate(b.broadcast_to(b.reshape(weight, { shape: [1, D] }), { shape: [B, 1, D] }), stream, { axis: 1 });
  },
});
