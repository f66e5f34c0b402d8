// patches(width, size): an image as a sequence of patches, row by row (Dosovitskiy et al. 2021): a convolution of stride `size`.
// B batch, C channels, N patches, P size of a patch, D width.

import { biasOf, defineLayer, initialized, isOn, matrix, numberIn } from "./define.ts";

export const patches = defineLayer({
  word: "patches",
  doc: "Cuts the image into squares and maps each linearly: one position a patch, row by row.",
  role: "embedding",
  reads: "pixels",
  parameters: {
    width: { type: { type: "integer", minimum: 1 }, doc: "features of a patch", positional: true, required: true },
    size: { type: { type: "integer", minimum: 1 }, doc: "pixels of its side", required: true },
    channels: { type: { type: "integer", minimum: 1 }, doc: "values of a pixel", default: "3" },
    bias: { type: { type: "switch" }, doc: "learn a shift", default: "on" },
    ...initialized,
  },
  width: (args) => numberIn(args, "width"),
  positions: (args, { height, width }) => Math.floor(height / numberIn(args, "size")) * Math.floor(width / numberIn(args, "size")),
  weights: (args) => {
    const [width, size, channels] = [numberIn(args, "width"), numberIn(args, "size"), numberIn(args, "channels")];
    return { weight: { ...matrix(width, channels * size * size), shape: [width, channels, size, size] }, ...(isOn(args, "bias") ? { bias: biasOf(width) } : {}) };
  },
  build: (c, _, args, { weight, bias }) => {
    const { b } = c;
    const [width, P, C] = [numberIn(args, "width"), numberIn(args, "size"), numberIn(args, "channels")];
    const pixels = c.field("pixels");
    const [B, , height, wide] = b.info(pixels).shape;
    const [rows, columns] = [Math.floor(height / P), Math.floor(wide / P)];
    // What is left over at the right and below is not seen, as by a convolution without padding.
    const tall = rows * P < height ? b.slice(pixels, { axis: 2, start: 0, size: rows * P }) : pixels;
    const whole = columns * P < wide ? b.slice(tall, { axis: 3, start: 0, size: columns * P }) : tall;
    const cut = b.transpose(b.reshape(whole, { shape: [B, C, rows, P, columns, P] }), { permutation: [0, 2, 4, 1, 3, 5] });
    const flat = b.reshape(cut, { shape: [B, rows * columns, C * P * P] });
    return b.linear(flat, b.reshape(weight, { shape: [width, C * P * P] }), bias ?? null);
  },
});
