// PT2031: a name that is known everywhere, declared again.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const knownEverywhere = defineDiagnostic<{ name: string; kind: string }>({
  code: "PT2031",
  slug: "known-everywhere",
  severity: "error",
  title: "a name that is known everywhere, declared again",
  message: ({ name, kind }) => `\`${name}\` is a ${kind} that is known everywhere`,
  hint: () => "choose another name",
  page: "The named objectives and masks mean the same in every file. `pt explain NAME` shows what they are.",
  failing: smallRun.replace("pretrain small", "mask window(n) = causal & (query - key < n)\npretrain small"),
  fixed: smallRun.replace("pretrain small", "mask sliding(n) = causal & (query - key < n)\npretrain small"),
});
