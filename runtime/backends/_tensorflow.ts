// Loads TensorFlow.js itself, once, without its greetings on the console.

import type { Tf } from "../../compiler/ops/define.ts";

let loaded: Promise<{ tf: Tf }> | null = null;

export function loadTensorflow(): Promise<{ tf: Tf }> {
  return (loaded ??= import("@tensorflow/tfjs-core").then((module) => {
    const tf = ("engine" in module ? module : (module as { default: Tf }).default) as Tf;
    tf.env().set("PROD", true); // silences warnings, which would mix with what `pt` prints, and skips checks at every op
    return { tf };
  }));
}
