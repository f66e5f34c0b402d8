// A GraphModel as a folder: model.json and the weights in shards.

import { join } from "node:path";
import { makeFolder, writeAtomically } from "../../files/write.ts";
import { version } from "../../version.ts";
import type { GraphModel } from "./graph-model.ts";

/** TensorFlow.js's own converter writes shards of this size: browsers cache files up to about it. */
export const usualShard = 4 * 1024 * 1024;

export interface WrittenModel { readonly shards: number; readonly bytes: number }

/** Throws UserError where the disk does not take it. `weights` gives our weights by name. */
export function writeGraphModel(folder: string, model: GraphModel, weights: (name: string) => Float32Array, shardBytes: number): WrittenModel {
  makeFolder(folder);
  const data = model.weights.map(({ data, dtype }) => bytesOf(typeof data === "string" ? weights(data) : data, dtype));
  const bytes = data.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const shards = Math.max(1, Math.ceil(bytes / shardBytes));
  const paths = Array.from({ length: shards }, (_, i) => `group1-shard${i + 1}of${shards}.bin`);
  const pieces = split(data, shardBytes);
  for (const path of paths) writeAtomically(join(folder, path), pieces.next().value ?? []);
  const weightsManifest = [{ paths, weights: model.weights.map(({ name, shape, dtype }) => ({ name, shape, dtype })) }];
  const { topology: modelTopology, signature } = model;
  writeAtomically(join(folder, "model.json"), JSON.stringify({ format: "graph-model", generatedBy: `ptarmigan ${version}`, convertedBy: null, signature, modelTopology, weightsManifest }));
  return { shards, bytes };
}

function bytesOf(data: Float32Array | Int32Array, dtype: string): Uint8Array {
  return dtype === "bool" ? Uint8Array.from(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The data in pieces of `size` bytes, as views. */
function* split(data: readonly Uint8Array[], size: number): Generator<Uint8Array[], undefined> {
  let piece: Uint8Array[] = [];
  let room = size;
  for (const part of data) {
    for (let at = 0; at < part.length; ) {
      const end = Math.min(part.length, at + room);
      piece.push(part.subarray(at, end));
      room -= end - at;
      at = end;
      if (room > 0) continue;
      yield piece;
      piece = [];
      room = size;
    }
  }
  if (piece.length) yield piece;
}
