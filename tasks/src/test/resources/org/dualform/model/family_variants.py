"""Makes small random models, one for each variant of a family, in folders of its own; prints their last logits as JSON."""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM

folder, ids = Path(sys.argv[1]), json.loads(sys.argv[2])
GPTJ = {"n_embd": 36, "n_layer": 2, "n_head": 3, "n_positions": 64}
LLAMA_KEYS = {"num_hidden_layers": 2, "intermediate_size": 40, "max_position_embeddings": 64}
STABLELM = {**LLAMA_KEYS, "hidden_size": 48, "num_attention_heads": 3}
STARCODER2 = {**LLAMA_KEYS, "hidden_size": 36, "num_attention_heads": 3}
BLOOM = {"n_layer": 2}
VARIANTS = {
    "gptj-tied": ("gptj", {**GPTJ, "rotary_dim": 6, "tie_word_embeddings": True}),
    "gptj-whole-heads": ("gptj", {**GPTJ, "rotary_dim": 12, "activation_function": "gelu"}),
    "stablelm-one-key-head": (
        "stablelm",
        {**STABLELM, "num_key_value_heads": 1, "qk_layernorm": True, "layer_norm_eps": 1e-2},
    ),
    "stablelm-whole-heads": (
        "stablelm",
        {**STABLELM, "num_key_value_heads": 3, "use_parallel_residual": True, "partial_rotary_factor": 1.0},
    ),
    "starcoder2-no-bias": (
        "starcoder2",
        {**STARCODER2, "num_key_value_heads": 1, "use_bias": False, "head_dim": 8, "tie_word_embeddings": False},
    ),
    "starcoder2-window": ("starcoder2", {**STARCODER2, "num_key_value_heads": 3, "sliding_window": 5}),
    "bloom-normed": ("bloom", {**BLOOM, "hidden_size": 28, "n_head": 7, "apply_residual_connection_post_layernorm": True}),
    "bloom-untied": ("bloom", {**BLOOM, "n_embed": 33, "n_head": 11, "tie_word_embeddings": False}),
}
torch.manual_seed(5)
logits = {}
for name, (family, keys) in VARIANTS.items():
    config = AutoConfig.for_model(family, vocab_size=97, bos_token_id=0, eos_token_id=2, pad_token_id=None, **keys)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():
        for tensor in model.state_dict().values():
            tensor.add_(torch.randn(tensor.shape) * (0.3 if tensor.dim() == 1 else 0.8 / tensor.shape[-1] ** 0.5))
        model.save_pretrained(folder / name)
        logits[name] = model(torch.tensor([ids]), use_cache=False).logits[0, -1].tolist()
print(json.dumps(logits))
