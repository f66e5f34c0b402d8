// Buckets of relative positions (Raffel et al. 2020, section 2.1): half of them one position each, then log-spaced up to a distance.

import type { Tensor, Tf } from "./define.ts";

export type BucketAttributes = { readonly buckets: number; readonly distance: number; readonly bidirectional: boolean; readonly queries: number; readonly keys: number };

/** Bucket of `relative` = position of the key − position of the query. */
export function bucketOf(relative: number, { buckets, distance, bidirectional }: BucketAttributes): number {
  let count = buckets;
  let first = 0;
  let behind: number;
  if (bidirectional) {
    count = Math.floor(count / 2);
    first = relative > 0 ? count : 0;
    behind = Math.abs(relative);
  } else behind = Math.max(0, -relative);
  const exact = Math.floor(count / 2);
  if (behind < exact) return first + behind;
  // The logarithms are in float32, as in the published code: a distance on the edge of a bucket falls on the same side.
  const share = Math.fround(Math.fround(Math.log(Math.fround(behind / exact))) / Math.fround(Math.log(distance / exact)));
  return first + Math.min(count - 1, exact + Math.floor(Math.fround(share * (count - exact))));
}

/** Buckets by distance: that of query t and key s is at queries − 1 − t + s. */
export function bucketTable(attributes: BucketAttributes, offset: number): Int32Array {
  const last = offset + attributes.queries - 1;
  return Int32Array.from({ length: attributes.queries + attributes.keys }, (_, i) => bucketOf(i - last, attributes));
}

/** Buckets [T, S] in TensorFlow.js operations. Beyond `distance` all positions share a bucket, so the table is as long as that whatever the lengths. */
export function lowerBuckets(tf: Tf, offset: Tensor | undefined, attributes: BucketAttributes): Tensor {
  const { queries: T, keys: S, distance, buckets } = attributes;
  const reach = Math.max(distance, buckets) + 1;
  const table = tf.tensor1d(Int32Array.from({ length: 2 * reach + 1 }, (_, i) => bucketOf(i - reach, attributes)), "int32");
  const distances = tf.sub(tf.range(0, S, 1, "int32"), tf.reshape(tf.range(0, T, 1, "int32"), [T, 1]));
  const shifted = offset ? tf.sub(distances, tf.cast(offset, "int32")) : distances;
  const clamped = tf.minimum(tf.maximum(shifted, tf.scalar(-reach, "int32")), tf.scalar(reach, "int32"));
  return tf.cast(tf.gather(table, tf.cast(tf.add(clamped, tf.scalar(reach, "int32")), "int32")), "int32");
}
