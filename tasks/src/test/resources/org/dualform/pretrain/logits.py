"""Prints, as JSON, a model folder's token ids and last logits for a text: what transformers makes of the folder."""

import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

folder, text = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
ids = tokenizer(text, return_tensors="pt", add_special_tokens=False)["input_ids"]
with torch.no_grad():
    logits = model(ids).logits[0, -1]
print(json.dumps({"ids": ids[0].tolist(), "logits": logits.tolist(), "class": type(model).__name__}))
