"""Makes a small random llama for each rope scaling, in folders of its own; prints their logits for some ids as JSON."""

import json
import sys
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM

folder, ids = Path(sys.argv[1]), json.loads(sys.argv[2])
original = {"original_max_position_embeddings": 32}
SCALINGS = {
    "linear": {"rope_type": "linear", "factor": 4.0},
    "llama3": {"rope_type": "llama3", "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, **original},
    "yarn": {"rope_type": "yarn", "factor": 8.0, **original},
    "yarn-betas": {"rope_type": "yarn", "factor": 8.0, "beta_fast": 16.0, "beta_slow": 2.0, **original},
    "yarn-attention": {"rope_type": "yarn", "factor": 8.0, "attention_factor": 1.3, **original},
    "yarn-mscale": {"rope_type": "yarn", "factor": 8.0, "mscale": 0.7, "mscale_all_dim": 0.9, **original},
}
torch.manual_seed(3)
logits = {}
for name, scaling in SCALINGS.items():
    config = LlamaConfig(
        vocab_size=97,
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=256,
        rope_parameters={"rope_theta": 10000.0, **scaling},
    )
    model = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() > 1:
                weight.mul_(4)  # attention that looks somewhere
        model.save_pretrained(folder / name)
        logits[name] = model(torch.tensor([ids])).logits[0, -1].tolist()
print(json.dumps(logits))
