"""Scores of the first rows of a data set, computed plainly: every candidate is a whole sequence of its own, without a cache.

    python plain_scores.py MODEL DATASET TEMPLATE LABELS SHOTS ROWS RATE

Prints {"zsl": [[score of each label] for each row], "icl": .., "ft": ..}. The first SHOTS training rows are the
demonstrations, in context and for fine-tuning (one step of gradient descent each, on key and value projections alone).
LABELS are joined by commas, in the order of the data set's indices.
"""

import json
import os
import sys

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

folder, dataset, template, labels, shots, rows, rate = sys.argv[1:]
torch.set_num_threads(os.cpu_count() or 1)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
bos, eos = model.config.bos_token_id, model.config.eos_token_id
bos = eos if bos is None else bos


def read(split: str, count: str) -> list[dict]:
    with open(f"{dataset}/{split}.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line, _ in zip(lines, range(int(count)))]


def encoded(text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False).ids


def query(row: dict) -> list[int]:
    return encoded(template.format(row["text"]))


words = [encoded(" " + label) for label in labels.split(",")]
demonstrations = [query(row) + words[row["label"]] for row in read("train", shots)]
queries = [query(row) for row in read("validation", rows)]
context = [bos] + [token for demonstration in demonstrations for token in [*demonstration, eos]]


@torch.no_grad()
def scores(prefix: list[int]) -> list[list[float]]:
    table = []
    for ids in queries:
        line = []
        for word in words:
            sequence = prefix + ids + word
            # The head is computed where it is read only: of a large vocabulary it costs as much as the rest.
            kept = model(torch.tensor([sequence]), use_cache=False, logits_to_keep=len(word) + 1).logits
            log = kept[0].log_softmax(-1)
            line.append(sum(log[i, token].item() for i, token in enumerate(word)) / len(word))
        table.append(line)
    return table


def train() -> None:
    trained = [p for name, p in model.named_parameters() if ".k_proj." in name or ".v_proj." in name]
    for demonstration in demonstrations:
        ids = torch.tensor([[bos] + demonstration])
        logits = model(ids, use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(logits[0, :-1], ids[0, 1:])
        gradients = torch.autograd.grad(loss, trained)
        with torch.no_grad():
            for parameter, gradient in zip(trained, gradients):
                parameter -= float(rate) * gradient


found = {"zsl": scores([bos]), "icl": scores(context)}
train()
found["ft"] = scores([bos])
print(json.dumps(found))
