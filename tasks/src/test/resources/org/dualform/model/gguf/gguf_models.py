"""Makes a small random model of each family in FOLDER, as FAMILY.gguf; prints logits for some ids as JSON.

Usage: gguf_models.py FOLDER IDS FAMILY ...

The names come from the `gguf` package's own map. What llama.cpp's converter (convert_hf_to_gguf.py) changes in a tensor is
done here anew. `original` are the logits of the model that was written; `read`, where transformers reads the family from
GGUF, are those of what it reads, and the same of FAMILY-q8_0.gguf, whose matrices are quantised.
"""

import json
import sys
from pathlib import Path

import torch
import transformers
from gguf import GGMLQuantizationType, GGUFWriter, MODEL_ARCH, MODEL_ARCH_NAMES, get_tensor_name_map
from gguf.quants import quantize

SIZES = {
    "vocab_size": 96,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 64,
    "bos_token_id": 0,
    "eos_token_id": 1,
    "pad_token_id": 2,
}
GROUPED = {**SIZES, "num_key_value_heads": 2}
# transformers reads neither the width nor the positions of GPT-2 from GGUF, so these are its own.
GPT2 = {"vocab_size": 96, "n_embd": 64, "n_inner": 256, "n_layer": 2, "n_head": 4, "n_positions": 1024}
FAMILIES = {  # name: (llama.cpp's architecture, transformers' configuration, values)
    "llama": ("llama", "LlamaConfig", GROUPED),
    "llama-tied": ("llama", "LlamaConfig", {**SIZES, "num_key_value_heads": 4, "tie_word_embeddings": True}),
    "llama-biases": ("llama", "LlamaConfig", {**GROUPED, "attention_bias": True, "mlp_bias": True}),
    "llama3-rope": (
        "llama",
        "LlamaConfig",
        {
            **GROUPED,
            "rope_parameters": {
                "rope_theta": 10000.0,
                "rope_type": "llama3",
                "factor": 8.0,
                "low_freq_factor": 1.0,
                "high_freq_factor": 4.0,
                "original_max_position_embeddings": 32,
            },
        },
    ),
    "mistral": ("llama", "MistralConfig", {**GROUPED, "sliding_window": None}),
    "qwen2": ("qwen2", "Qwen2Config", GROUPED),
    "qwen3": ("qwen3", "Qwen3Config", {**GROUPED, "head_dim": 128}),
    "gemma": ("gemma", "GemmaConfig", {**GROUPED, "head_dim": 32}),
    "gemma2": ("gemma2", "Gemma2Config", {**GROUPED, "head_dim": 256, "sliding_window": 4}),
    "gemma3": (
        "gemma3",
        "Gemma3TextConfig",
        {**GROUPED, "head_dim": 256, "num_hidden_layers": 7, "sliding_window": 4},
    ),
    "phi3": ("phi3", "Phi3Config", GROUPED),
    "olmo2": ("olmo2", "Olmo2Config", GROUPED),
    "smollm3": ("smollm3", "SmolLM3Config", {**GROUPED, "num_hidden_layers": 5}),
    "granite": (
        "granite",
        "GraniteConfig",
        {
            **GROUPED,
            "attention_multiplier": 0.3,
            "embedding_multiplier": 3.0,
            "residual_multiplier": 0.7,
            "logits_scaling": 2.0,
        },
    ),
    "starcoder2": ("starcoder2", "Starcoder2Config", GROUPED),
    "stablelm": ("stablelm", "StableLmConfig", {**GROUPED, "partial_rotary_factor": 0.25}),
    "stablelm-parallel": (
        "stablelm",
        "StableLmConfig",
        {**GROUPED, "partial_rotary_factor": 0.25, "use_parallel_residual": True, "use_qkv_bias": True},
    ),
    "bloom": ("bloom", "BloomConfig", {"vocab_size": 96, "hidden_size": 64, "n_layer": 2, "n_head": 4}),
    "phi2": ("phi2", "PhiConfig", {**SIZES, "partial_rotary_factor": 0.5}),
    "gpt2": ("gpt2", "GPT2Config", GPT2),
    "gptneox": ("gptneox", "GPTNeoXConfig", {**SIZES, "rotary_pct": 0.25}),
    "gptneox-serial": ("gptneox", "GPTNeoXConfig", {**SIZES, "use_parallel_residual": False}),
}
# What transformers does not read from GGUF, or not whole: it leaves out llama's biases and rotary factors.
NOT_READ = ("llama-biases", "llama3-rope", "gemma", "phi2", "gptneox", "gptneox-serial",
            "olmo2", "smollm3", "granite")  # fmt: skip
SUMMED_NORMS = ("gemma", "gemma2", "gemma3")
PAIRED = ("llama", "smollm3", "granite")


def paired(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """Rows of each head in the order of rotation of neighbours, from that of rotation of halves."""
    split = weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:])
    return split.swapaxes(1, 2).reshape(weight.shape)


def converted(architecture: str, config, name: str, weight: torch.Tensor) -> torch.Tensor:
    if architecture in PAIRED and (".q_proj." in name or ".k_proj." in name):
        heads = config.num_attention_heads if ".q_proj." in name else config.num_key_value_heads
        return paired(weight, heads)
    if architecture in SUMMED_NORMS and name.endswith("norm.weight"):
        return weight + 1
    if architecture == "gpt2" and name.endswith(("c_attn.weight", "c_proj.weight", "c_fc.weight")):
        return weight.T
    if architecture in ("gptneox", "bloom") and ".query_key_value." in name:
        by_head = weight.reshape(config.num_attention_heads, 3, -1, *weight.shape[1:])
        return by_head.swapaxes(0, 1).reshape(weight.shape)
    return weight


def metadata(writer: GGUFWriter, architecture: str, config) -> None:
    writer.add_context_length(getattr(config, "max_position_embeddings", 64))
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(getattr(config, "intermediate_size", None) or getattr(config, "n_inner", 256))
    writer.add_head_count(config.num_attention_heads)
    if kv := getattr(config, "num_key_value_heads", None):
        writer.add_head_count_kv(kv)
    if head_dim := getattr(config, "head_dim", None):
        writer.add_key_length(head_dim)
        writer.add_value_length(head_dim)
    if hasattr(config, "rms_norm_eps"):
        writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    else:
        keys = ("layer_norm_eps", "layer_norm_epsilon", "norm_epsilon")
        writer.add_layer_norm_eps(next(getattr(config, key) for key in keys if hasattr(config, key)))
    rope = getattr(config, "rope_parameters", None) or {}
    rope = rope.get("full_attention", rope)
    if theta := rope.get("rope_theta"):
        writer.add_rope_freq_base(theta)
    if share := rope.get("partial_rotary_factor"):
        writer.add_rope_dimension_count(int(share * config.hidden_size // config.num_attention_heads))
    if hasattr(config, "use_parallel_residual"):
        writer.add_parallel_residual(config.use_parallel_residual)
    if getattr(config, "sliding_window", None):
        writer.add_sliding_window(config.sliding_window)
    for key, add in (
        ("attn_logit_softcapping", writer.add_attn_logit_softcapping),
        ("final_logit_softcapping", writer.add_final_logit_softcapping),
        ("attention_multiplier", writer.add_attention_scale),
        ("embedding_multiplier", writer.add_embedding_scale),
        ("residual_multiplier", writer.add_residual_scale),
        ("logits_scaling", writer.add_logit_scale),
    ):
        if getattr(config, key, None) is not None:
            add(getattr(config, key))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([f"t{i}" for i in range(config.vocab_size)])
    writer.add_token_merges(["t 0"])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(1)
    writer.add_pad_token_id(2)


def write(model, name: str, architecture: str, path: Path, matrices: GGMLQuantizationType) -> None:
    config = model.config
    (key,) = [k for k, v in MODEL_ARCH_NAMES.items() if v == architecture]
    names = get_tensor_name_map(MODEL_ARCH(key), config.num_hidden_layers)
    writer = GGUFWriter(path, architecture)
    metadata(writer, architecture, config)
    for hf_name, weight in model.state_dict().items():
        if hf_name == "lm_head.weight" and config.tie_word_embeddings or hf_name.endswith(".attn.bias"):
            continue
        known = hf_name.removeprefix("transformer.") if architecture == "bloom" else hf_name
        there = names.get_name(known, try_suffixes=(".weight", ".bias"))
        assert there is not None, f"{name}: no name for {hf_name}"
        numbers = converted(architecture, config, hf_name, weight).contiguous().numpy()
        kind = matrices if numbers.ndim == 2 else GGMLQuantizationType.F32
        data = numbers if kind == GGMLQuantizationType.F32 else quantize(numbers, kind)
        writer.add_tensor(there, data, raw_dtype=kind)
    if name == "llama3-rope":
        inverse = model.model.rotary_emb.inv_freq
        head_dim = config.hidden_size // config.num_attention_heads
        plain = 1 / (10000.0 ** (torch.arange(0, head_dim, 2, dtype=torch.float32) / head_dim))
        writer.add_tensor("rope_freqs.weight", (plain / inverse).numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def logits(model, ids: list[int]) -> list[float]:
    with torch.no_grad():
        return model.eval()(torch.tensor([ids])).logits[0, -1].tolist()


def main() -> None:
    folder, ids = Path(sys.argv[1]), json.loads(sys.argv[2])
    table = {}
    for name in sys.argv[3:]:
        architecture, kind, values = FAMILIES[name]
        torch.manual_seed(5)
        model = transformers.AutoModelForCausalLM.from_config(getattr(transformers, kind)(**values))
        with torch.no_grad():
            for key, weight in model.named_parameters():
                if weight.dim() > 1:
                    weight.mul_(4)
                else:  # norms and biases that do something
                    weight.add_(torch.randn_like(weight) * 0.1)
        row = {"original": logits(model, ids)}
        for suffix, matrices in (("", GGMLQuantizationType.F32), ("-q8_0", GGMLQuantizationType.Q8_0)):
            write(model, name, architecture, folder / f"{name}{suffix}.gguf", matrices)
            if name in NOT_READ:
                continue
            read = transformers.AutoModelForCausalLM.from_pretrained(
                folder, gguf_file=f"{name}{suffix}.gguf", dtype=torch.float32
            )
            row["read" + suffix] = logits(read, ids)
        table[name] = row
    print(json.dumps(table))


if __name__ == "__main__":
    main()
