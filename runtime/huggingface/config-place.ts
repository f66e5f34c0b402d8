// Diagnostics about keys of a config.json, at the key.

import type { ConfigProblem } from "../../compiler/weights/config.ts";
import { describeJson } from "../../compiler/weights/json.ts";
import type { SettingProblem } from "../../compiler/weights/settings.ts";
import { diagnose, type DiagnosticRecord, type Place } from "../../grammar/diagnostics/define.ts";
import { unknownSetting } from "../../grammar/diagnostics/PT7207-unknown-setting.ts";
import { unsupportedSetting } from "../../grammar/diagnostics/PT7206-unsupported-setting.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { UserError } from "../files/user-error.ts";
import type { ConfigFile } from "./folder.ts";

/** A diagnostic at a (dotted) key, or at the file's beginning where the key is not written. */
export function configError<Data>(record: DiagnosticRecord<Data>, file: ConfigFile, key: string | null, data: Data): UserError {
  return new UserError([diagnose(record, placeOfKey(file, key), data)]);
}

export function settingError(problem: SettingProblem, file: ConfigFile): UserError {
  const { key, given } = problem;
  if (problem.kind === "unsupported") {
    return configError(unsupportedSetting, file, key, { key, given: describeJson(given), wanted: problem.wanted.map(describeJson).join(" or ") });
  }
  return configError(unknownSetting, file, key, { key, given: describeJson(given), suggestion: problem.suggestion === null ? undefined : `did you mean \`${problem.suggestion}\`?` });
}

export function valueError({ key, given, wanted, words }: ConfigProblem, file: ConfigFile): UserError {
  const suggestion = words && (didYouMean(given.replace(/[`"]/g, ""), words) ?? `known: ${words.join(", ")}`);
  return configError(unsupportedSetting, file, key, { key: key ?? "config", given, wanted, suggestion });
}

/** Where a (dotted) key is written, or the file's beginning. */
export function placeOfKey({ path, text }: ConfigFile, key: string | null): Place {
  let from = 0;
  let span = { start: 0, end: 0 };
  for (const part of key?.split(".") ?? []) {
    const quoted = JSON.stringify(part);
    const at = text.indexOf(quoted, from);
    if (at < 0) break;
    span = { start: at, end: at + quoted.length };
    from = span.end;
  }
  return { file: path, text, span };
}
