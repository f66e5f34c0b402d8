// A mask in TensorFlow.js operations: 1 where a query sees a key, else 0, computed where the tensors are. No value is looked at.

import type { IndexExpression, MaskExpression } from "../masks/define.ts";
import type { Tensor, Tf } from "./define.ts";

/** Values that broadcast to [B or 1, 1, T, S]; float32. */
export interface MaskTensors {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly prefix: Tensor | null;
  readonly length: number;
  readonly sameDocument: Tensor | null;
}

/** T queries from `offset` on, S keys. */
export function maskTensors(tf: Tf, T: number, S: number, facts: { readonly offset?: Tensor; readonly prefix?: Tensor; readonly documents?: Tensor; readonly key_documents?: Tensor }): MaskTensors {
  const positions = tf.reshape(tf.range(0, T), [1, 1, T, 1]);
  const { offset, prefix, documents, key_documents = documents } = facts;
  const rows = (x: Tensor): number => x.shape[0] as number;
  return {
    query: offset ? tf.add(positions, tf.cast(offset, "float32")) : positions,
    key: tf.reshape(tf.range(0, S), [1, 1, 1, S]),
    prefix: prefix ? tf.reshape(tf.cast(prefix, "float32"), [rows(prefix), 1, 1, 1]) : null,
    length: S,
    sameDocument: documents ? tf.cast(tf.equal(tf.reshape(documents, [rows(documents), 1, T, 1]), tf.reshape(key_documents!, [rows(documents), 1, 1, S])), "float32") : null,
  };
}

export function lowerMask(tf: Tf, mask: MaskExpression, at: MaskTensors): Tensor {
  switch (mask.kind) {
    case "constant":
      return tf.scalar(mask.value ? 1 : 0);
    case "and":
      return tf.mul(lowerMask(tf, mask.left, at), lowerMask(tf, mask.right, at));
    case "or":
      return tf.maximum(lowerMask(tf, mask.left, at), lowerMask(tf, mask.right, at));
    case "not":
      return tf.sub(1, lowerMask(tf, mask.operand, at));
    case "document":
      return at.sameDocument ?? tf.scalar(1);
    case "compare": {
      const left = lowerIndex(tf, mask.left, at);
      const right = lowerIndex(tf, mask.right, at);
      const compared = { "<": tf.less, "<=": tf.lessEqual, ">": tf.greater, ">=": tf.greaterEqual, "==": tf.equal, "!=": tf.notEqual }[mask.operator](left, right);
      return tf.cast(compared, "float32");
    }
  }
}

/** Positions are exact in float32 up to 2²⁴. */
function lowerIndex(tf: Tf, index: IndexExpression, at: MaskTensors): Tensor {
  switch (index.kind) {
    case "number":
      return tf.scalar(index.value);
    case "variable":
      return index.name === "length" ? tf.scalar(at.length) : (at[index.name] ?? tf.scalar(0));
    case "abs":
      return tf.abs(lowerIndex(tf, index.operand, at));
    case "arithmetic": {
      const left = lowerIndex(tf, index.left, at);
      const right = lowerIndex(tf, index.right, at);
      switch (index.operator) {
        case "+": return tf.add(left, right);
        case "-": return tf.sub(left, right);
        case "*": return tf.mul(left, right);
        case "/": return tf.div(left, right);
        case "mod": return tf.sub(left, tf.mul(right, tf.floor(tf.div(left, right))));
        case "min": return tf.minimum(left, right);
        case "max": return tf.maximum(left, right);
      }
    }
  }
}
