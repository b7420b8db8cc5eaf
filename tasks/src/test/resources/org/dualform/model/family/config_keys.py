"""Prints what each key of config.json does in transformers, for every family, as a JSON table.

A tiny model of each family is computed twice: with its base configuration, and with one key more. A key "changes" the
model if its tensors or its logits differ, "fails" if transformers cannot make or run the model, and does "nothing" else.

Usage: config_keys.py > config-keys.json
"""

import copy
import importlib
import inspect
import json
import re
import warnings

import torch
import transformers
from transformers import CONFIG_MAPPING, AutoModelForCausalLM

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()

PLAIN = {
    "vocab_size": 40, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 24,
    "max_position_embeddings": 32, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0,
}
GROUPED = {**PLAIN, "num_key_value_heads": 2}
QWEN = {**GROUPED, "use_sliding_window": True, "sliding_window": 4, "max_window_layers": 1}
WINDOWED = {**GROUPED, "head_dim": 8, "sliding_window": 4}
LONG = {"type": "longrope", "short_factor": [1.0, 1.2, 1.5, 2.0], "long_factor": [1.0, 2.0, 4.0, 8.0]}
BASES = {
    "bloom": {"vocab_size": 40, "hidden_size": 32, "n_layer": 2, "n_head": 4, "bos_token_id": 1, "eos_token_id": 2,
              "pad_token_id": 0},
    "gemma": {**GROUPED, "head_dim": 8},
    "gemma2": WINDOWED,
    "gemma3_text": {**WINDOWED, "sliding_window_pattern": 2},
    "gpt2": {"vocab_size": 40, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 32, "bos_token_id": 1,
             "eos_token_id": 2},
    "gpt_neo": {"vocab_size": 40, "hidden_size": 32, "num_layers": 2, "num_heads": 4, "max_position_embeddings": 32,
                "window_size": 4, "attention_types": [[["global", "local"], 1]], "bos_token_id": 1, "eos_token_id": 2},
    "gpt_neox": {**PLAIN, "rotary_pct": 0.5},
    "gptj": {"vocab_size": 40, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 32, "rotary_dim": 4,
             "bos_token_id": 1, "eos_token_id": 2},
    "granite": GROUPED,
    "llama": GROUPED,
    "mistral": {**GROUPED, "sliding_window": 4},
    "olmo2": GROUPED,
    "opt": {**{k: v for k, v in PLAIN.items() if k not in ("intermediate_size", "pad_token_id")}, "ffn_dim": 24,
            "word_embed_proj_dim": 32, "pad_token_id": 1},
    "phi": {**GROUPED, "partial_rotary_factor": 0.5},
    # Longer than 8 tokens, so that the long factors act.
    "phi3": {**GROUPED, "original_max_position_embeddings": 8, "rope_scaling": LONG},
    "qwen2": QWEN,
    "qwen3": {**QWEN, "head_dim": 8},
    "stablelm": {**GROUPED, "partial_rotary_factor": 0.5},
    "starcoder2": {**GROUPED, "sliding_window": 4},
    "smollm3": {**GROUPED, "no_rope_layer_interval": 2, "use_sliding_window": True, "sliding_window": 4},
    "xglm": {"vocab_size": 40, "d_model": 32, "num_layers": 2, "attention_heads": 4, "ffn_dim": 24,
             "max_position_embeddings": 32, "bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1},
}
# Another value than the base's and the default, for keys of families and for keys that files of the hub have.
VALUES = {
    "vocab_size": 41, "hidden_size": 64, "n_embd": 64, "d_model": 64, "num_hidden_layers": 1, "n_layer": 1,
    "num_layers": 1, "num_attention_heads": 2, "n_head": 2, "num_heads": 2, "attention_heads": 2,
    "intermediate_size": 20, "n_inner": 20, "ffn_dim": 20, "max_position_embeddings": 24, "n_positions": 24,
    "n_ctx": 24, "num_key_value_heads": 1, "head_dim": 12, "hidden_act": "relu", "hidden_activation": "relu",
    "activation_function": "relu", "layer_norm_epsilon": 0.1, "layer_norm_eps": 0.1, "rms_norm_eps": 0.1,
    "norm_epsilon": 0.1, "n_embed": 64, "rotary_dim": 8, "seq_length": 24, "offset_alibi": 50,
    "rope_theta": 100.0, "rope_scaling": {"type": "linear", "rope_type": "linear", "factor": 2.0},
    "rope_parameters": {"rope_type": "default", "rope_theta": 100.0}, "partial_rotary_factor": 1.0,
    "rotary_pct": 1.0, "rotary_emb_base": 100, "sliding_window": 3, "use_sliding_window": False,
    "max_window_layers": 0, "layer_types": ["sliding_attention", "full_attention"], "window_size": 3,
    "attention_types": [[["local", "global"], 1]], "attention_layers": ["local", "global"],
    "use_bidirectional_attention": True, "is_causal": False, "add_cross_attention": True, "word_embed_proj_dim": 8,
    "pad_token_id": 3, "bos_token_id": 3, "eos_token_id": 3, "initializer_range": 0.5, "init_std": 0.5,
    "pretraining_tp": 2, "dtype": "float16", "torch_dtype": "float16", "use_cache": False,
    "gradient_checkpointing": True, "scale_embedding": False, "chunk_size_feed_forward": 2,
    "is_encoder_decoder": True, "is_decoder": True, "attn_pdrop": 0.9, "resid_pdrop": 0.9, "embd_pdrop": 0.9,
    "attention_dropout": 0.9, "hidden_dropout": 0.9, "dropout": 0.9, "activation_dropout": 0.9, "layerdrop": 0.9,
    "residual_dropout": 0.9, "embedding_dropout": 0.9, "resid_dropout": 0.9, "embed_dropout": 0.9, "classifier_dropout": 0.9,
    "query_pre_attn_scalar": 5, "attn_logit_softcapping": 0.5, "final_logit_softcapping": 0.5,
    "sliding_window_pattern": 1, "_sliding_window_pattern": 1, "rope_local_base_freq": 100.0, "cache_implementation": "hybrid",
    "original_max_position_embeddings": 16, "no_rope_layers": [0, 1], "no_rope_layer_interval": 1,
    "embedding_multiplier": 2.0, "attention_multiplier": 0.5, "residual_multiplier": 0.5, "logits_scaling": 2.0,
}
OTHER_TYPES = ["full_attention", "sliding_attention"]
# Values of a key that have another form in one family.
OWN_VALUES = {
    "opt": {"activation_function": "gelu"},
    "phi": {"rope_parameters": {**VALUES["rope_parameters"], "partial_rotary_factor": 0.5}},
    "gpt_neox": {"rope_parameters": {**VALUES["rope_parameters"], "partial_rotary_factor": 0.5}},
    "gemma2": {"layer_types": OTHER_TYPES},
    "gemma3_text": {
        "layer_types": OTHER_TYPES,
        "rope_parameters": {
            "full_attention": {"rope_type": "default", "rope_theta": 50.0},
            "sliding_attention": {"rope_type": "linear", "factor": 3.0, "rope_theta": 70.0},
        },
    },
    "phi3": {"rope_scaling": {**LONG, "long_factor": [1.0, 2.0, 3.0, 4.0]}, "partial_rotary_factor": 0.5},
}
# The module of a family whose models have another family's name.
MODULES = {"gemma3_text": "gemma3"}
# What files of the hub have, whether or not the family's class knows it.
EVERYWHERE = {
    "head_dim", "num_key_value_heads", "attention_bias", "mlp_bias", "sliding_window", "use_sliding_window",
    "layer_types", "rope_theta", "rope_scaling", "partial_rotary_factor", "is_causal", "init_std",
    "initializer_range", "gradient_checkpointing", "use_cache", "torch_dtype", "hidden_act", "activation_function",
}
FLAGS = {
    "tie_word_embeddings", "attention_bias", "mlp_bias", "enable_bias", "do_layer_norm_before",
    "layer_norm_elementwise_affine", "_remove_final_layer_norm", "use_parallel_residual", "scale_attn_weights",
    "scale_attn_by_inverse_layer_idx", "reorder_and_upcast_attn", "qk_layernorm", "use_qkv_bias", "use_bias",
    "apply_residual_connection_post_layernorm", "slow_but_exact", "skip_bias_add", "rotary",
}
# Keys of older files, which the family's class does not name.
OLDER = {
    "bloom": {"n_embed", "n_inner", "seq_length", "offset_alibi", "skip_bias_add"},
    "gpt_neox": {"rotary_pct", "rotary_emb_base"},
    "gptj": {"rotary", "scale_attn_weights"},
}
# Keys of the file itself, of tasks other than language modelling, and of what a caller wants returned.
BESIDE = re.compile(
    r"_name_or_path|_attn_implementation|architectures|model_type|transformers_version|id2label|label2id|num_labels"
    r"|problem_type|return_dict|output_attentions|output_hidden_states|summary_.*|decoder_start_token_id"
    r"|text_config|vision_config|mm_tokens_per_image|image_token_id|per_layer_config|layer_type|get_text_config"
)


def keys(family: str) -> set[str]:
    """The keys that the family's classes know, and those that files have."""
    kind = CONFIG_MAPPING[family]
    module = MODULES.get(family, family)
    source = inspect.getsource(importlib.import_module(f"transformers.models.{module}.modeling_{module}"))
    read = set(re.findall(r"config\.(\w+)", source)) | set(re.findall(r'getattr\(\w*\.?config, *"(\w+)"', source))
    known = set(kind().to_dict()) | read | set(kind.attribute_map) | EVERYWHERE
    known |= OLDER.get(family, set())
    if family == "gemma3_text":
        known |= {"sliding_window_pattern", "rope_local_base_freq"}
    if "rope_parameters" not in known:
        known -= {"rope_theta", "rope_scaling", "partial_rotary_factor"}
    return {key for key in known if not BESIDE.fullmatch(key)}


def value(family: str, key: str) -> object:
    if key in FLAGS:
        return not getattr(CONFIG_MAPPING[family].from_dict(copy.deepcopy(BASES[family])), key, False)
    if key in OWN_VALUES.get(family, {}):
        return OWN_VALUES[family][key]
    if key not in VALUES:
        raise KeyError(f"{family}: {key} has no value; add one to VALUES, FLAGS or BESIDE")
    return VALUES[key]


def logits(family: str, config: dict, state: dict | None) -> tuple[dict, torch.Tensor] | None:
    """The tensors and the logits; None if the tensors are not those of ``state``."""
    read = CONFIG_MAPPING[family].from_dict(copy.deepcopy(config))
    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_config(read, attn_implementation="eager", dtype=torch.float32).eval()
    if state is None:
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, 0.1, 0.5)
        state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    elif {n: t.shape for n, t in model.state_dict().items()} != {n: t.shape for n, t in state.items()}:
        return None
    model.load_state_dict(state)
    with torch.no_grad():
        return state, model(torch.arange(3, 15)[None], use_cache=False).logits


def effect(family: str, key: str, given: object, base: tuple[dict, torch.Tensor]) -> str:
    try:
        got = logits(family, {**BASES[family], key: given}, base[0])
    except Exception:
        return "fails"
    if got is None or got[1].shape != base[1].shape or not torch.allclose(got[1], base[1], atol=1e-5):
        return "changes"
    return "nothing"


def main() -> None:
    table = {}
    for family, config in BASES.items():
        base = logits(family, config, None)
        assert base is not None
        rows = {}
        for key in sorted(keys(family)):
            given = value(family, key)
            rows.setdefault(effect(family, key, given, base), {})[key] = given
        table[family] = {"config": config, **rows}
    lines = [f' "{family}": {json.dumps(rows)}' for family, rows in table.items()]
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()
