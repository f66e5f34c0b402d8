// `addition`: sums of two numbers, digit by digit: 10 is `+`, 11 is `=`.

import { argument, defineSynthetic, examples } from "./define.ts";

export const addition = defineSynthetic({
  word: "addition",
  doc: "Sums such as `12+34=046`: ids 0 to 9 are digits, 10 is `+`, 11 is `=`; numbers have `digits` digits, the sum one more, with leading zeros.",
  parameters: { digits: { type: { type: "integer", minimum: 1, maximum: 15 }, doc: "of each number that is added", default: "3" }, examples },
  ids: () => 12,
  draw(args, random) {
    const digits = argument(args, "digits");
    const number = (): number[] => Array.from({ length: digits }, () => random.below(10));
    const [a, b] = [number(), number()];
    const sum: number[] = [];
    let carry = 0;
    for (let i = digits - 1; i >= 0; i--) {
      const total = a[i] + b[i] + carry;
      sum.unshift(total % 10);
      carry = total >= 10 ? 1 : 0;
    }
    return [...a, 10, ...b, 11, carry, ...sum];
  },
});
