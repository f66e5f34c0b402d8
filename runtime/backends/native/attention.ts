// Attention, its gradient and dropout in C++: the mask as a band of keys around each query where it is one, else as the pairs it allows.

import { sizeOf } from "../../../compiler/graph/node.ts";
import type { ValueInfo } from "../../../compiler/graph/node.ts";
import { maskMatrix } from "../../../compiler/graph/mask.ts";
import type { AttentionOptions } from "../../../compiler/ops/_attention.ts";
import { attentionSizes } from "../../../compiler/ops/_attention.ts";
import { isBfloat16 } from "../../../compiler/ops/_precision.ts";
import { analyseMask } from "../../../compiler/ops/_attention_mask.ts";
import type { Tensor } from "../../../compiler/ops/define.ts";
import { wordOf } from "../../../compiler/random.ts";
import type { Kernel } from "../define.ts";
import type { KernelContext, MakeKernel } from "./kernels.ts";
import { caller } from "./kernels.ts";

const purpose = wordOf("dropout");

type Value = number | boolean | Tensor | null;

/** Seed, key, step, first example, site, threshold, scale. */
function dropoutValues(words: ArrayLike<number> | null, rate: number, site: number): readonly number[] {
  if (!words || rate === 0) return [0, 0, 0, 0, 0, 0, 1];
  return [words[0] >>> 0, (words[1] ^ purpose) >>> 0, words[2] >>> 0, words[3] >>> 0, site >>> 0, Math.ceil(rate * 2 ** 24), 1 / (1 - rate)];
}

/** What a mask that is no band allows; matrices of one offset and prefix are kept. */
interface Pairs { readonly allowed: Uint8Array<ArrayBuffer>; readonly step: number }

function pairsFor(options: AttentionOptions, { B, T, S }: { B: number; T: number; S: number }, { memory }: KernelContext): (facts: readonly (Tensor | null | undefined)[]) => Pairs {
  const analysis = analyseMask(options.mask);
  const known = new Map<string, Pairs>();
  return ([, documents, key_documents, prefix, offset]) => {
    const at = offset ? memory.view(offset)[0] : 0;
    const prefixes = analysis.prefix && prefix ? memory.view(prefix) : null;
    const own = analysis.document && !analysis.rest && documents ? memory.view(documents) : null;
    const theirs = own && key_documents ? memory.view(key_documents) : own;
    const matrix = (b: number): Uint8Array =>
      maskMatrix(analysis.rest ?? options.mask, { queries: T, keys: S, offset: at, prefix: prefixes?.[b] ?? 0 }, own && theirs ? { queries: own.subarray(b * T, (b + 1) * T), keys: theirs.subarray(b * S, (b + 1) * S) } : undefined);
    const name = own ? null : `${at},${prefixes ? prefixes.join(",") : ""}`;
    const found = name === null ? undefined : known.get(name);
    if (found) return found;
    const each = prefixes !== null || own !== null;
    const allowed = new Uint8Array((each ? B : 1) * T * S);
    for (let b = 0; b < (each ? B : 1); b++) allowed.set(matrix(b), b * T * S);
    const pairs = { allowed, step: each ? T * S : 0 };
    if (known.size >= 16) known.clear();
    if (name !== null) known.set(name, pairs);
    return pairs;
  };
}

/** Arguments that attention and its gradient share, in the order of `attention_of`; null where the kernel does not cover them. */
function prepare(context: KernelContext, options: AttentionOptions, infos: readonly (ValueInfo | null)[]): ((query: Tensor, key: Tensor, value: Tensor, bias: Tensor | null, facts: readonly (Tensor | null | undefined)[]) => readonly Value[]) | null {
  // Masked scores are −∞ before they are scaled.
  if (!(options.scale > 0)) return null;
  const { B, T, S, H, G, W, V } = attentionSizes(infos[0]!.shape, infos[1]!.shape, infos[2]!.shape, options);
  const analysis = analyseMask(options.mask);
  const { class: kind, band } = analysis.kind;
  const isBand = analysis.rest !== null && ["full", "causal", "prefix", "banded"].includes(kind);
  const [low, high] = kind === "banded" ? band! : kind === "full" ? [null, null] : [null, 0];
  const bounds = isBand ? [low !== null, low ?? 0, high !== null, high ?? 0] : [false, 0, false, 0];
  const pairs = isBand ? null : pairsFor(options, { B, T, S }, context);
  const { memory, binding } = context;
  return (query, key, value, bias, facts) => {
    const [real = null, documents = null, key_documents = null, prefix = null, offset, random] = facts;
    const uses = analysis.document && analysis.rest !== null && documents !== null;
    const found = pairs?.(facts);
    return [
      query, key, value, bias, real, uses ? documents : null, uses ? (key_documents ?? documents) : null, kind === "prefix" && isBand ? prefix : null,
      found ? binding.address(found.allowed) : 0, found?.step ?? 0, B, T, S, H, G, W, V, offset ? memory.view(offset)[0] : 0,
      ...bounds, options.scale, options.softcap ?? 0, options.dropout > 0, ...dropoutValues(random ? memory.view(random) : null, options.dropout, options.site), isBfloat16(options),
    ];
  };
}

export const attention: MakeKernel = (context): Kernel => {
  const call = caller(context, "attention");
  return ({ attributes }, infos) => {
    const values = prepare(context, attributes as unknown as AttentionOptions, infos);
    return values && (([query, key, value, bias, ...facts], [out, log_sum]) => call(...values(query!, key!, value!, bias, facts), out, log_sum));
  };
};

export const attention_gradient: MakeKernel = (context): Kernel => {
  const call = caller(context, "attention_gradient");
  return ({ attributes }, infos) => {
    const values = prepare(context, attributes as unknown as AttentionOptions, infos);
    return values && (([query, key, value, out, log_sum, dout, bias, ...facts], results) => call(...values(query!, key!, value!, bias, facts), out, log_sum, dout, ...results));
  };
};

export const dropout: MakeKernel = (context): Kernel => {
  const call = caller(context, "dropout");
  return ({ attributes }, [x]) => {
    const { rate, site } = attributes as { rate: number; site: number };
    const examples = x!.shape[0] ?? 1;
    const size = examples === 0 ? 0 : sizeOf(x!.shape) / examples;
    return ([input, random], [y]) => call(input, y, examples, size, ...dropoutValues(context.memory.view(random!), rate, site));
  };
};
