// `image`: a file of an image, by its path, as bytes or as base64; or the pixels of `format: idx`.

import type { PlanImageColumn } from "../../compiler/plan/schema.ts";
import type { Arguments } from "../../compiler/objectives/facts.ts";
import { columnParameter, defineColumn, shown, type Image, type Picture } from "./define.ts";

/** Means and standard deviations of pixels between 0 and 1, by whose weights they are known; one number stands for all channels. */
const constants: { readonly [name: string]: { readonly mean: readonly number[]; readonly std: readonly number[] } } = {
  // (x − 0.5) / 0.5: between −1 and 1, as ViT's (Dosovitskiy et al. 2021, google/vit-base-patch16-224).
  half: { mean: [0.5], std: [0.5] },
  // Radford et al. 2021, openai/CLIP, clip.py.
  clip: { mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] },
  // Of ImageNet's training images (torchvision.models, transforms of every classification weight).
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  none: { mean: [0], std: [1] },
};
const perChannel = { type: "any", of: [{ type: "number" }, { type: "list", of: { type: "number" }, minimum: 1, maximum: 4 }] } as const;

export const image = defineColumn({
  word: "image",
  doc: "An image: the path of a PNG, JPEG, PGM or PPM file beside the table, the file's bytes (parquet, also Hugging Face's `{ bytes, path }`) or base64; or pixels of `format: idx`. It gets the channels and the size that the model reads. Orientation notes of cameras and transparency are left out of account.",
  parameters: {
    column: columnParameter,
    stored: { type: { type: "choice", words: { file: "a path, relative to the table's own folder", base64: "the file itself" } }, doc: "what a text in the column is", default: "file" },
    fit: { type: { type: "choice", words: { crop: "the shortest side is resized, then the middle is cut out (CLIP)", stretch: "both sides are resized (ViT)" } }, doc: "how an image of another shape comes to the model's", default: "crop" },
    resize: { type: { type: "choice", words: { bicubic: "cubic interpolation", bilinear: "linear interpolation" } }, doc: "both as Pillow's: over all pixels that a new one covers", default: "bicubic" },
    normalize: { type: { type: "choice", words: { half: "to −1 … 1", clip: "CLIP's means and standard deviations", imagenet: "ImageNet's", none: "left at 0 … 1" } }, doc: "what is subtracted from the values between 0 and 1, and what they are divided by", default: "half" },
    mean: { type: perChannel, doc: "instead of `normalize`: a number, or one a channel" },
    std: { type: perChannel, doc: "beside `mean`" },
  },
  text: false,
  formats: ["idx", "json", "jsonl", "csv", "tsv", "parquet"],
  problem(args) {
    if ((args.mean === undefined) !== (args.std === undefined)) return "`mean` and `std` go together";
    if (args.mean !== undefined && args.normalize !== "half") return "`mean` and `std` stand instead of `normalize`";
    if (listOf(args.std).some((value) => value <= 0)) return "a standard deviation is above 0";
    const [mean, std] = [listOf(args.mean), listOf(args.std)];
    return mean.length === std.length ? null : `\`mean\` has ${mean.length} values and \`std\` has ${std.length}`;
  },
  image: (args): PlanImageColumn => ({
    stored: args.stored as PlanImageColumn["stored"],
    fit: args.fit as PlanImageColumn["fit"],
    resize: args.resize as PlanImageColumn["resize"],
    ...(args.mean === undefined ? constants[args.normalize as string] : { mean: listOf(args.mean), std: listOf(args.std) }),
  }),
  read(value, column) {
    if (typeof value === "object" && value !== null && "height" in value && "data" in value) return { value: value as Image };
    if (value instanceof Uint8Array) return { value: { bytes: value, path: null } };
    if (typeof value === "string") {
      if (column.image?.stored !== "base64") return value.trim() === "" ? { problem: `${shown(value)} is no path` } : { value: { bytes: null, path: value.trim() } };
      const text = value.replace(/^data:image\/[a-z+.-]+;base64,/, "").replaceAll(/\s/g, "");
      return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? { value: { bytes: Buffer.from(text, "base64"), path: null } } : { problem: `${shown(value)} is no base64` };
    }
    const { bytes, path } = (typeof value === "object" && value !== null ? value : {}) as { bytes?: unknown; path?: unknown };
    if (bytes instanceof Uint8Array) return { value: { bytes, path: null } };
    if (typeof path === "string" && path !== "") return { value: { bytes: null, path } };
    return { problem: `${shown(value)} is no image` };
  },
});

/** The picture as messages show it. */
export function pictureName({ path }: Picture): string {
  return path === null ? "the image" : `\`${path}\``;
}

function listOf(value: Arguments[string] | undefined): readonly number[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as number[]) : [value as number];
}
