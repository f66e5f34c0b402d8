// Files of images as bytes by row, column and channel: PNG by pngjs, JPEG by jpeg-js, PGM and PPM (netpbm's raw forms) here.
// The libraries are loaded by whoever reads images, and by nobody else.

import type { Image } from "../columns/define.ts";

export type Decoded = Image | { readonly problem: string };
export type Decoder = (bytes: Uint8Array) => Decoded;

/** An image may have this many pixels: a file of a few kilobytes can claim more than the memory holds. */
const mostPixels = 1e8;

export async function imageDecoder(): Promise<Decoder> {
  const [{ PNG }, { default: jpeg }] = await Promise.all([import("pngjs"), import("jpeg-js")]);
  const png: Decoder = (bytes) => {
    const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (file.length < 24) return { problem: "it ends within its header" };
    const problem = sizeProblem(file.readUInt32BE(16), file.readUInt32BE(20));
    if (problem) return { problem };
    const { width, height, data } = PNG.sync.read(file);
    // Always four values a pixel; what is seen through is not mixed with anything, as PIL's `convert("RGB")` has it.
    return { width, height, channels: 3, data: withoutAlpha(data, width * height) };
  };
  const jpg: Decoder = (bytes) => {
    const { width, height, data } = jpeg.decode(bytes, { useTArray: true, formatAsRGBA: false, tolerantDecoding: false, maxResolutionInMP: mostPixels / 1e6, maxMemoryUsageInMB: 2_048 });
    return { width, height, channels: 3, data };
  };
  return (bytes) => {
    const form = formOf(bytes);
    const decode = { png, jpeg: jpg, netpbm }[form as "png"];
    if (!decode) return { problem: form === null ? "it is no PNG, JPEG, PGM or PPM file" : `it is a ${form} file; PNG, JPEG, PGM and PPM are read` };
    try {
      return decode(bytes);
    } catch (error) {
      return { problem: `it is a damaged ${form === "png" ? "PNG" : "JPEG"} file (${(error as Error).message.replace(/\.$/, "")})` };
    }
  };
}

/** By the first bytes, whatever the file is called; a capital name is a form that is known and not read. */
function formOf(bytes: Uint8Array): "png" | "jpeg" | "netpbm" | "GIF" | "WebP" | "TIFF" | "BMP" | null {
  const begins = (...start: number[]): boolean => start.every((byte, i) => bytes[i] === byte);
  if (begins(0x89, 0x50, 0x4e, 0x47)) return "png";
  if (begins(0xff, 0xd8, 0xff)) return "jpeg";
  if (begins(0x50, 0x35) || begins(0x50, 0x36)) return "netpbm";
  if (begins(0x47, 0x49, 0x46)) return "GIF";
  if (begins(0x52, 0x49, 0x46, 0x46) && bytes[8] === 0x57) return "WebP";
  if (begins(0x49, 0x49, 0x2a, 0) || begins(0x4d, 0x4d, 0, 0x2a)) return "TIFF";
  return begins(0x42, 0x4d) ? "BMP" : null;
}

function sizeProblem(width: number, height: number): string | null {
  if (width < 1 || height < 1) return "it has no pixels";
  return width * height > mostPixels ? `it has ${width} × ${height} pixels; ${mostPixels / 1e6} million are read` : null;
}

function withoutAlpha(data: Uint8Array, pixels: number): Uint8Array {
  const rgb = new Uint8Array(3 * pixels);
  for (let i = 0; i < pixels; i++) for (let c = 0; c < 3; c++) rgb[3 * i + c] = data[4 * i + c];
  return rgb;
}

/** P5 (grey) and P6 (RGB) of netpbm: width, height and the largest value as text, one blank, then bytes (https://netpbm.sourceforge.net/doc/pgm.html). */
function netpbm(bytes: Uint8Array): Decoded {
  const channels = bytes[1] === 0x35 ? 1 : 3;
  const numbers: number[] = [];
  let at = 2;
  while (numbers.length < 3) {
    while (at < bytes.length && /\s/.test(String.fromCharCode(bytes[at]))) at++;
    if (bytes[at] === 0x23) {
      while (at < bytes.length && bytes[at] !== 0x0a) at++;
      continue;
    }
    const from = at;
    while (bytes[at] >= 0x30 && bytes[at] <= 0x39) at++;
    if (at === from) return { problem: "its header is no netpbm header" };
    numbers.push(Number(Buffer.from(bytes.subarray(from, at)).toString("latin1")));
  }
  at++;
  const [width, height, most] = numbers;
  const problem = sizeProblem(width, height);
  if (problem) return { problem };
  if (most < 1 || most > 255) return { problem: `its largest value is ${most}; values of one byte are read` };
  const size = width * height * channels;
  if (bytes.length - at < size) return { problem: "it ends too early" };
  const data = new Uint8Array(bytes.subarray(at, at + size));
  if (most !== 255) for (let i = 0; i < size; i++) data[i] = Math.round((255 * Math.min(data[i], most)) / most);
  return { width, height, channels, data };
}
