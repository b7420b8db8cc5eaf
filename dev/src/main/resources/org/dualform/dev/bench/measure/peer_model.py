"""Keeps a model open in transformers. Measures a way of computing for each line that it reads; answers in JSON lines."""

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
torch.set_grad_enabled(False)
MODEL = transformers.AutoModelForCausalLM.from_pretrained(JOB["checkpoint"], dtype=torch.float32).eval()
LABELS = [label[0] for label in JOB["labels"]]
ROWS = 16


def whole():
    """A query at a time, with its context and the logits of all positions."""
    for query in JOB["queries"][: JOB["recomputed"]]:
        logits = MODEL(torch.tensor([JOB["context"] + query]), use_cache=False).logits
        torch.log_softmax(logits, -1)[0, -1, LABELS]


def repeated(cache, rows):
    """The cache for a batch, without a copy for each row until a layer adds its own keys."""
    batch = copy.deepcopy(cache)
    for layer in batch.layers:
        layer.keys = layer.keys.expand(rows, -1, -1, -1)
        layer.values = layer.values.expand(rows, -1, -1, -1)
    return batch


def reused():
    """All queries behind one cache, in batches of similar lengths, with the head at their last tokens."""
    context, queries = JOB["context"], JOB["queries"]
    cache = MODEL(torch.tensor([context]), use_cache=True, logits_to_keep=1).past_key_values
    scores = {}
    ordered = sorted(range(len(queries)), key=lambda i: len(queries[i]))
    for start in range(0, len(ordered), ROWS):
        batch = ordered[start : start + ROWS]
        longest = max(len(queries[i]) for i in batch)
        rows = torch.tensor([queries[i] + [0] * (longest - len(queries[i])) for i in batch])
        positions = torch.arange(len(context), len(context) + longest)[None].expand(len(batch), -1)
        states = MODEL.base_model(
            rows, past_key_values=repeated(cache, len(batch)), position_ids=positions
        ).last_hidden_state
        last = states[torch.arange(len(batch)), torch.tensor([len(queries[i]) - 1 for i in batch])]
        logits = MODEL.get_output_embeddings()(last)
        for i, row in zip(batch, torch.log_softmax(logits, -1)[:, LABELS].tolist()):
            scores[i] = row
    return [scores[i] for i in range(len(queries))]


def prefill():
    """A forward pass with the head at the last token."""
    MODEL(torch.tensor([JOB["ids"]]), use_cache=False, logits_to_keep=1)


A, B = torch.rand(JOB["size"], JOB["size"]), torch.rand(JOB["size"], JOB["size"])
WAYS = {"whole": whole, "reused": reused, "prefill": prefill, "product": lambda: A @ B}
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    result = WAYS[line.strip()]()
    print(json.dumps({"seconds": time.perf_counter() - start, "scores": result}, default=lambda x: None), flush=True)
