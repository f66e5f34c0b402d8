// A run that learns from another, for examples; the member files say what they change.

import { encoderRun } from "./_objective-example.ts";

const large = encoderRun("masked", "", undefined, "", "", "large");

/** `large`, and `small`, which learns from it with this objective. */
export function taughtRun(objective: string, teacher: (text: string) => string = (text) => text, student: (text: string) => string = (text) => text): string {
  const text = teacher(large);
  return text + student(encoderRun(objective, "", undefined, "", text).slice(text.length));
}
