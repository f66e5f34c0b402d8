// Images of another size, as Pillow makes them (src/libImaging/Resample.c, up to version 11; 13 takes columns first where that is less work): a filter as wide as the reduction, so that nothing is
// skipped; rows first, then columns, each rounded to bytes; whole numbers all the way, so the same bytes on every machine.

import type { Image } from "../columns/define.ts";

export type Filter = "bilinear" | "bicubic";

/** Value at a distance in pixels of the smaller image, and how far it reaches. Bicubic: Keys 1981 with a = −1/2. */
const filters: { readonly [filter in Filter]: { readonly reach: number; readonly at: (x: number) => number } } = {
  bilinear: { reach: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    reach: 2,
    at(distance) {
      const x = Math.abs(distance);
      if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
      return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    },
  },
};

export function resize(image: Image, height: number, width: number, filter: Filter): Image {
  const wide = width === image.width ? image : alongRows(image, width, filter);
  return height === wide.height ? wide : alongColumns(wide, height, filter);
}

/** Fractional bits of a weight: 255 times the largest sum of weights still fits 32 bits. */
const bits = 22;

interface Taps { readonly first: number; readonly weights: Int32Array }

/** For each place of the result the places that it is made of. */
function tapsOf(from: number, to: number, filter: Filter): Taps[] {
  const { reach, at } = filters[filter];
  const scale = from / to;
  const widening = Math.max(1, scale);
  return Array.from({ length: to }, (_, place) => {
    const center = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - reach * widening + 0.5));
    const end = Math.min(from, Math.trunc(center + reach * widening + 0.5));
    const exact = Array.from({ length: end - first }, (_, i) => at((i + first - center + 0.5) / widening));
    const sum = exact.reduce((total, weight) => total + weight, 0);
    return { first, weights: Int32Array.from(exact, (weight) => Math.trunc((weight / sum) * 2 ** bits + (weight < 0 ? -0.5 : 0.5))) };
  });
}

const rounded = (sum: number): number => Math.min(255, Math.max(0, sum >> bits));
const half = 1 << (bits - 1);

function alongRows({ height, width, channels, data }: Image, wide: number, filter: Filter): Image {
  const result = new Uint8Array(height * wide * channels);
  tapsOf(width, wide, filter).forEach(({ first, weights }, column) => {
    for (let row = 0; row < height; row++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = half;
        for (let i = 0, at = (row * width + first) * channels + channel; i < weights.length; i++, at += channels) sum += weights[i] * data[at];
        result[(row * wide + column) * channels + channel] = rounded(sum);
      }
    }
  });
  return { height, width: wide, channels, data: result };
}

function alongColumns({ height, width, channels, data }: Image, tall: number, filter: Filter): Image {
  const line = width * channels;
  const result = new Uint8Array(tall * line);
  tapsOf(height, tall, filter).forEach(({ first, weights }, row) => {
    for (let place = 0; place < line; place++) {
      let sum = half;
      for (let i = 0, at = first * line + place; i < weights.length; i++, at += line) sum += weights[i] * data[at];
      result[row * line + place] = rounded(sum);
    }
  });
  return { height: tall, width, channels, data: result };
}
