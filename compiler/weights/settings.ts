// Every key of a config.json is accounted for: read by the map, known to change nothing, or refused.

import { nearest } from "../../grammar/nearest.ts";
import { atKey, keysOf } from "./config.ts";
import type { WeightsMap } from "./define.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

/**
 * Keys that do not change what a checkpoint computes, by their last segment: identity and files; token ids and labels (they
 * choose tokens and name classes; `pad_token_id` is read where it matters); regularisation in training; initialisation;
 * what is returned and how it is computed; generation; heads that the map's classes do not have; and what another key or the
 * tensors themselves already say (`tie_word_embeddings`: a tied tensor is absent from the file).
 */
const harmless: ReadonlySet<string> = new Set(
  `model_type architectures transformers_version dtype torch_dtype name_or_path language license finetuning_task tokenizer_class prefix task_specific_params
  bos_token_id eos_token_id pad_token_id sep_token_id cls_token_id mask_token_id unk_token_id decoder_start_token_id forced_bos_token_id forced_eos_token_id
  suppress_tokens begin_suppress_tokens bad_words_ids id2label label2id num_labels problem_type
  dropout dropout_rate drop_rate attention_dropout activation_dropout classifier_dropout classifier_dropout_prob qa_dropout seq_classif_dropout hidden_dropout_prob
  attention_probs_dropout_prob hidden_dropout attn_pdrop embd_pdrop resid_pdrop encoder_layerdrop decoder_layerdrop layerdrop
  initializer_range initializer_factor init_std logit_scale_init_value
  use_cache return_dict output_hidden_states output_attentions output_past torchscript use_bfloat16 tf_legacy_loss gradient_checkpointing chunk_size_feed_forward
  pretraining_tp reorder_and_upcast_attn is_encoder_decoder attn_implementation use_return_dict
  max_length min_length do_sample early_stopping num_beams num_beam_groups diversity_penalty temperature top_k top_p typical_p repetition_penalty length_penalty
  no_repeat_ngram_size encoder_no_repeat_ngram_size num_return_sequences output_scores return_dict_in_generate remove_invalid_values exponential_decay_length_penalty
  summary_type summary_use_proj summary_activation summary_proj_to_labels summary_first_dropout pooler_act pooler_output_size encoder_stride
  pooler_fc_size pooler_num_attention_heads pooler_num_fc_layers pooler_size_per_head pooler_type directionality
  dense_act_fn is_gated_act tie_word_embeddings max_position_embeddings n_ctx n_special predict_special_tokens`.split(/\s+/),
);

/** Keys that change nothing while they have one of these values. */
const neutral: { readonly [key: string]: readonly Json[] } = {
  is_decoder: [false],
  add_cross_attention: [false],
  tie_encoder_decoder: [false],
  position_embedding_type: ["absolute"],
  router_jitter_noise: [0],
  partial_rotary_factor: [1],
  scale_attn_weights: [true],
  scale_attn_by_inverse_layer_idx: [false],
};

export type SettingProblem =
  | { readonly kind: "unsupported"; readonly key: string; readonly given: Json; readonly wanted: readonly Json[] }
  | { readonly kind: "unknown"; readonly key: string; readonly given: Json; readonly suggestion: string | null };

/**
 * The same settings under the names of today: `rope_theta` and `rope_scaling` of older files go to `rope_parameters`, and the
 * number of labels is that of `id2label`, or 2 as everywhere in transformers.
 */
export function modernized(config: JsonObject): JsonObject {
  const { rope_theta: theta, rope_scaling: scaling, ...rest } = config;
  const result: { [key: string]: Json } = { ...rest };
  const rope: { [key: string]: Json } = isObject(config.rope_parameters) ? { ...config.rope_parameters } : {};
  if (theta !== undefined && theta !== null) rope.rope_theta ??= theta;
  if (isObject(scaling)) {
    const { type, ...others } = scaling;
    Object.assign(rope, others, type === undefined ? {} : { rope_type: scaling.rope_type ?? type });
  }
  if (Object.keys(rope).length) result.rope_parameters = rope;
  if (typeof config.num_labels !== "number") result.num_labels = isObject(config.id2label) ? Object.keys(config.id2label).length : 2;
  return result;
}

/** Keys whose value the map does not support: those that a spec of the same type may differ in. */
export function unmetRequirements(map: WeightsMap, config: JsonObject): SettingProblem[] {
  return Object.entries(map.requires).flatMap(([key, wanted]): SettingProblem[] => {
    const given = atKey(config, key) ?? null;
    return given === null || wanted.some((value) => value === given) ? [] : [{ kind: "unsupported", key, given, wanted }];
  });
}

/** Keys that the map neither reads nor requires, and that are not known to change nothing. */
export function unknownSettings(map: WeightsMap, config: JsonObject): SettingProblem[] {
  const known = new Set([...Object.values(map.config).flatMap(keysOf), ...Object.keys(map.requires)]);
  const problems: SettingProblem[] = [];
  for (const [key, given] of settings(config, "")) {
    const last = key.split(".").at(-1)!;
    // What a part repeats of a setting that the whole is read by says nothing new.
    if (key !== last && known.has(last) && config[last] === given) continue;
    if (given === null || known.has(key) || last.startsWith("_") || harmless.has(last)) continue;
    if (Object.hasOwn(neutral, last) && neutral[last].some((value) => value === given)) continue;
    const words = [...known, ...harmless, ...Object.keys(neutral)];
    problems.push({ kind: "unknown", key, given, suggestion: nearest(key, words)[0] ?? null });
  }
  return problems;
}

/** Dotted keys with their values; what is below a harmless key, and empty lists and objects, are left out. */
function* settings(config: JsonObject, prefix: string): Generator<[key: string, value: Json]> {
  for (const [name, value] of Object.entries(config)) {
    if (isObject(value)) {
      if (!harmless.has(name)) yield* settings(value, `${prefix}${name}.`);
    } else if (!Array.isArray(value) || (value.length && !harmless.has(name))) yield [prefix + name, value];
  }
}
