// An image as a model takes it: its channels, its size, and the order channel, row, column.

import type { PlanImageColumn } from "../../compiler/plan/schema.ts";
import type { Image } from "../columns/define.ts";
import { resize } from "./resize.ts";

export interface ImageShape { readonly channels: number; readonly height: number; readonly width: number }

/** Bytes [C, H, W]. */
export function fitImage(image: Image, { channels, height, width }: ImageShape, { resize: filter, fit }: Pick<PlanImageColumn, "resize" | "fit">): Uint8Array {
  const own = withChannels(image, channels);
  const sized = fit === "stretch" ? resize(own, height, width, filter) : cropped(covering(own, height, width, filter), height, width);
  const result = new Uint8Array(channels * height * width);
  const area = height * width;
  for (let at = 0; at < area; at++) for (let channel = 0; channel < channels; channel++) result[channel * area + at] = sized.data[at * channels + channel];
  return result;
}

/** Grey to RGB by repeating it; RGB to grey by the luma of ITU-R 601-2, in Pillow's whole numbers. */
function withChannels(image: Image, channels: number): Image {
  if (image.channels === channels) return image;
  const pixels = image.height * image.width;
  const data = new Uint8Array(pixels * channels);
  for (let at = 0; at < pixels; at++) {
    const [r, g, b] = [0, 1, 2].map((channel) => image.data[at * image.channels + Math.min(channel, image.channels - 1)]);
    if (channels === 1) data[at] = (19_595 * r + 38_470 * g + 7_471 * b + 0x8000) >> 16;
    else for (let channel = 0; channel < channels; channel++) data[at * channels + channel] = [r, g, b][Math.min(channel, 2)];
  }
  return { ...image, channels, data };
}

/** The smallest size of the same shape that has room for both sides: of a square, the shortest side. */
function covering(image: Image, height: number, width: number, filter: "bilinear" | "bicubic"): Image {
  const byWidth = width * image.height >= height * image.width;
  return byWidth ? resize(image, Math.max(height, Math.floor((width * image.height) / image.width)), width, filter) : resize(image, height, Math.max(width, Math.floor((height * image.width) / image.height)), filter);
}

function cropped(image: Image, height: number, width: number): Image {
  if (image.height === height && image.width === width) return image;
  const { channels } = image;
  const [top, left] = [(image.height - height) >> 1, (image.width - width) >> 1];
  const data = new Uint8Array(height * width * channels);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * image.width + left) * channels;
    data.set(image.data.subarray(from, from + width * channels), row * width * channels);
  }
  return { height, width, channels, data };
}

/** (byte / 255 − mean) / standard deviation for each byte and channel: [C][256]. */
export function normalizer({ mean, std }: Pick<PlanImageColumn, "mean" | "std">, channels: number): Float32Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const [shift, scale] = [mean, std].map((list) => list[Math.min(channel, list.length - 1)]);
    return Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - shift) / scale);
  });
}
