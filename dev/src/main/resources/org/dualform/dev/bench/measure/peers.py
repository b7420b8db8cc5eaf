"""Measures transformers, lm-evaluation-harness and torch on a job; prints one JSON object of lists, a value a round."""

import json
import os
import sys
import time

with open(sys.argv[1], encoding="utf-8") as file:
    JOB = json.load(file)
GPU = JOB["device"] != "cpu"
os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", TOKENIZERS_PARALLELISM="false")
if not GPU:
    os.environ["CUDA_VISIBLE_DEVICES"] = ""

import torch
import transformers

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
torch.set_grad_enabled(False)


def seconds(work):
    if GPU:
        torch.cuda.synchronize()
        start = time.perf_counter()
        work()
        torch.cuda.synchronize()
        return time.perf_counter() - start
    start = time.process_time()
    work()
    return time.process_time() - start


def rounds(job, work):
    work()
    return [seconds(work) for _ in range(job["rounds"])]


def open_model(job):
    model = transformers.AutoModelForCausalLM.from_pretrained(job["checkpoint"], dtype=torch.float32)
    return model.eval().to(job["device"])


def prefill(job):
    """Share of torch's own matrix peak that a forward reaches, head at the last token."""
    model = open_model(job)
    ids = torch.tensor([job["ids"]])
    a, b = torch.rand(job["size"], job["size"]), torch.rand(job["size"], job["size"])
    peak, forward = [], []
    for _ in range(job["rounds"] + 1):
        peak.append(2 * job["size"] ** 3 / seconds(lambda: a @ b))
        forward.append(job["operations"] / seconds(lambda: model(ids, use_cache=False, logits_to_keep=1)))
    return {"share": [f / p for f, p in zip(forward[1:], peak[1:])]}


def prefix(job):
    """Seconds for all queries behind one context: CPU seconds in three ways, or wall seconds on a GPU in two."""
    torch.set_default_device(job["device"])
    model = open_model(job)
    context, queries = job["context"], job["queries"]
    few = queries[: job["recomputed"]]
    labels = [label[0] for label in job["labels"]]
    factor = len(queries) / len(few)

    def whole():
        for query in few:
            logits = model(torch.tensor([context + query]), use_cache=False).logits
            torch.log_softmax(logits, -1)[0, -1, labels]

    def reused():
        cache = model(torch.tensor([context]), logits_to_keep=1).past_key_values
        ordered = sorted(queries, key=len)
        for start in range(0, len(ordered), 16):
            batch = ordered[start : start + 16]
            longest = max(map(len, batch))
            rows = torch.tensor([query + [0] * (longest - len(query)) for query in batch])
            copy = transformers.DynamicCache()
            for layer, part in enumerate(cache.layers):
                copy.update(
                    part.keys.expand(len(batch), -1, -1, -1), part.values.expand(len(batch), -1, -1, -1), layer
                )
            positions = torch.arange(len(context), len(context) + longest)[None].expand(len(batch), -1)
            states = model.transformer(rows, past_key_values=copy, position_ids=positions).last_hidden_state
            last = states[torch.arange(len(batch)), torch.tensor([len(query) - 1 for query in batch])]
            torch.log_softmax(model.lm_head(last), -1)[:, labels]

    measured = {"whole": [factor * s for s in rounds(job, whole)], "reused": rounds(job, reused)}
    if not GPU:
        measured["harness"] = [factor * s for s in rounds(job, harness(model, context, few, job["labels"]))]
    return measured


def harness(model, context, queries, labels):
    """lm-evaluation-harness' log-likelihoods of every label behind every query, one row a batch."""
    from lm_eval.models.huggingface import HFLM
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel

    end = model.config.eos_token_id
    words = Tokenizer(WordLevel({"<end>": end}, unk_token="<end>"))
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=words, eos_token="<end>", unk_token="<end>")
    scorer = HFLM(pretrained=model, tokenizer=tokenizer, backend="causal", batch_size=1)
    requests = [(("", ""), context + query, label) for query in queries for label in labels]
    return lambda: scorer._loglikelihood_tokens(requests, disable_tqdm=True)


def score(job):
    """One layer's similarities, row by row, from JSON lines as the paper's code writes them."""
    import tempfile

    import numpy as np
    from scipy.stats import kendalltau

    random = np.random.default_rng(0)
    rows, context = job["rows"], min(100, job["rows"])
    columns = 1 + job["demonstrations"] * (job["tokens"] + 1)

    def numbers(*shape):
        return random.standard_normal((1, *shape)).astype(np.float32).tolist()

    def row(setting, i):
        line = {
            "self_attn_out_hiddens": numbers(job["width"]),
            "attn_map": numbers(job["heads"], job["query"]),
            "gold_label": 0,
            "pred_label": 0,
        }
        if setting == "icl" and i < context:
            line["attn_map_ctx"] = numbers(columns)
        if setting == "ftzs" and i < context:
            line["attn_q"] = numbers(job["width"])
        return line

    def cosine(a, b):
        return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-20))

    def unit(a):
        return a / (np.linalg.norm(a) + 1e-20)

    def softmax(a):
        shares = np.exp(a - a.max())
        return shares / shares.sum()

    def lines(folder, setting):
        with open(os.path.join(folder, setting), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def scored(folder):
        zs, icl, ftzs, ft = (lines(folder, setting) for setting in ("zs", "icl", "ftzs", "ft"))
        outputs, at_random, maps, before = [], [], [], []
        for z, c, f in zip(zs, icl, ftzs):
            base, learned, tuned = (unit(np.array(x["self_attn_out_hiddens"][0])) for x in (z, c, f))
            outputs.append(cosine(learned - base, tuned - base))
            at_random.append(cosine(learned - base, np.random.random(job["width"])))
            heads = [np.array(x["attn_map"][0]) for x in (z, c, f)]
            maps.append(np.mean([cosine(a, b) for a, b in zip(heads[1], heads[2])]))
            before.append(np.mean([cosine(a, b) for a, b in zip(heads[1], heads[0])]))
        keep = np.ones(columns, bool)
        keep[0] = False
        keep[job["tokens"] + 1 :: job["tokens"] + 1] = False
        trained = np.concatenate([np.array(d["attn_q"][0])[1:] for d in ft])
        taus = []
        for c, f in zip(icl[:context], ftzs[:context]):
            attention = softmax(np.array(c["attn_map_ctx"][0])[keep])
            products = softmax(trained @ np.array(f["attn_q"][0]))
            taus.append(kendalltau(attention, products).statistic)
            taus.append(kendalltau(attention, np.random.random(len(attention))).statistic)
            np.intersect1d(np.argsort(-attention)[:100], np.argsort(-products)[:100])
        return np.mean(outputs), np.mean(at_random), np.mean(maps), np.mean(before), np.mean(taus)

    with tempfile.TemporaryDirectory() as folder:
        for setting in ("zs", "icl", "ftzs"):
            with open(os.path.join(folder, setting), "w", encoding="utf-8") as file:
                for i in range(rows):
                    file.write(json.dumps(row(setting, i)) + "\n")
        with open(os.path.join(folder, "ft"), "w", encoding="utf-8") as file:
            for _ in range(job["demonstrations"]):
                file.write(json.dumps({"attn_q": numbers(job["tokens"] + 1, job["width"])}) + "\n")
        size = sum(entry.stat().st_size for entry in os.scandir(folder))
        return {"seconds": rounds(job, lambda: scored(folder)), "bytes": [size]}


if __name__ == "__main__":
    print("\n" + json.dumps({"prefill": prefill, "prefix": prefix, "score": score}[JOB["workload"]](JOB)))
