// Pictures of rows: read from their files where a row names one, decoded, and brought to the size that a model reads.

import type { Hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { PlanImages } from "../../compiler/objectives/plan.ts";
import type { PlanColumn, PlanFiles } from "../../compiler/plan/schema.ts";
import { imageColumn } from "../../compiler/plan/source.ts";
import type { ColumnValue, Image, Picture } from "../columns/define.ts";
import { pictureName } from "../columns/image.ts";
import { systemCode } from "../files/user-error.ts";
import { imageDecoder } from "../images/decode.ts";
import { fitImage } from "../images/fit.ts";

/** What becomes of a picture whose bytes were read, or of the pixels that a format gives. */
export type PictureReader = (picture: Picture | Image, column: PlanColumn) => { readonly value: ColumnValue } | { readonly problem: string };

/** The files are read, so that they are part of the data's fingerprint, and nothing else. */
export const asTheyAre: PictureReader = (picture) => ({ value: "height" in picture ? picture : { ...picture, bytes: null } });

/** Pixels as the file has them. */
export async function decodedPictures(): Promise<PictureReader> {
  const decode = await imageDecoder();
  return (picture) => {
    const image = "height" in picture ? picture : decode(picture.bytes!);
    return "problem" in image ? { problem: "path" in picture && picture.path !== null ? `${pictureName(picture)}: ${image.problem}` : image.problem } : { value: image };
  };
}

/** Pixels [C, H, W] of the model's size, of the column that a run reads; other columns of images are not decoded. */
export async function fittedPictures(source: PlanFiles, images: PlanImages): Promise<PictureReader> {
  const decode = await decodedPictures();
  const wanted = imageColumn(source, images.column);
  const known = source.columns[wanted?.name ?? ""];
  return (picture, column) => {
    if (column !== known || !wanted) return { value: picture };
    const found = decode(picture, column);
    if ("problem" in found) return found;
    const { channels, height, width } = images;
    return { value: { channels, height, width, data: fitImage(found.value as Image, images, wanted.image) } };
  };
}

/** A picture with its bytes, fed to the fingerprint; `folder` is that of the table. */
export function opened(picture: Picture, folder: string, hash: Hash): Picture | { readonly problem: string } {
  const { path } = picture;
  if (path === null) return picture;
  try {
    const bytes = readFileSync(resolve(folder, path));
    hash.update(`${path}\0`).update(bytes);
    return { path, bytes };
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return { problem: code === "ENOENT" || code === "ENOTDIR" ? `there is no file ${pictureName(picture)}` : code === "EISDIR" ? `${pictureName(picture)} is a folder` : `${pictureName(picture)} cannot be read (${code})` };
  }
}
