"""Trains a model folder with transformers and torch's AdamW, once for each line that it reads; answers in JSON lines."""

import copy
import json
import os
import sys
import time

with open(sys.argv[1], encoding="utf-8") as file:
    JOB = json.load(file)
os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", TOKENIZERS_PARALLELISM="false")
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import torch
import transformers

transformers.utils.logging.disable_progress_bar()
torch.set_num_threads(JOB["threads"])
torch.set_num_interop_threads(1)
START = transformers.AutoModelForCausalLM.from_pretrained(JOB["checkpoint"], dtype=torch.float32).train()
BATCHES = [(torch.tensor(batch["ids"]), torch.tensor(batch["weights"])) for batch in JOB["batches"]]


def train():
    model = copy.deepcopy(START)
    matrices = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": matrices, "weight_decay": JOB["weight_decay"]}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, betas=tuple(JOB["betas"]), eps=JOB["epsilon"])
    losses, start = [], 0.0
    for step, ((ids, weights), rate) in enumerate(zip(BATCHES, JOB["rates"])):
        if step == JOB["warm"]:
            start = time.perf_counter()
        logits = model(ids[:, :-1], use_cache=False).logits
        each = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
        loss = (each * weights.flatten()).sum() / weights.sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), JOB["clip_norm"])
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return {"seconds": time.perf_counter() - start, "losses": losses}


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    print(json.dumps(train()), flush=True)
