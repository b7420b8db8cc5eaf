"""Writes what transformers makes of the templates here: texts, and token ids by three small tokenizers.

    python chat.py HERE             golden.json and the tokenizers, from texts that stand in this file
    python chat.py HERE MODEL ...   real.json: token ids of the same conversations by the models in these folders
"""

import json
import sys
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

DESCRIPTION = {"role": "system", "content": "Say whether the sentence is about food or about animals."}
ROWS = [
    ("Sentence: The soup is hot.\nTopic:", "food"),
    ("Sentence: A horse {{ ran }} 10 miles, \"fast\"!\nTopic:", "animal"),
    ("Sentence: 7 crêpes and 'honey' 🍯\nTopic:", "food"),
]
QUERY = {"role": "user", "content": "Sentence: The cat sleeps.\nTopic:"}


def turns(count: int) -> list[dict[str, str]]:
    """The first rows as turns."""
    pairs = ([{"role": "user", "content": text}, {"role": "assistant", "content": word}] for text, word in ROWS[:count])
    return [turn for pair in pairs for turn in pair]


CONVERSATIONS = {
    "query": [QUERY],
    "described": [DESCRIPTION, QUERY],
    "one": [*turns(1), QUERY],
    "three": [DESCRIPTION, *turns(3), QUERY],
    "answered": turns(2),
}
TEXT = [
    *(text for text, _ in ROWS),
    *(" " + word for _, word in ROWS),
    QUERY["content"],
    DESCRIPTION["content"],
    "user assistant model system topics of sentences: food, animals. [INST] [/INST] User Assistant 0 1 2 3",
] * 4
SPECIAL = ["<s>", "</s>", "<|im_start|>", "<|im_end|>", "<start_of_turn>", "<end_of_turn>", "<|start_header_id|>"]
SPECIAL += ["<|end_header_id|>", "<|eot_id|>"]
STRIPPING = ["<|user|>", "<|assistant|>", "<|system|>", "<|end|>"]
SPLIT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def tokenizers() -> dict[str, Tokenizer]:
    """One of each kind: byte-level as Qwen's, SentencePiece with a space before every text as Llama's, without as Gemma's."""
    made = {}
    for name in ("bytes", "prefixed", "plain"):
        if name == "bytes":
            tokenizer = Tokenizer(models.BPE())
            tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
                [
                    pre_tokenizers.Split(Regex(SPLIT), behavior="isolated"),
                    pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
                ]
            )
            tokenizer.decoder = decoders.ByteLevel()
            alphabet = pre_tokenizers.ByteLevel.alphabet()
        else:
            tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
            replace = normalizers.Replace(" ", "▁")
            tokenizer.normalizer = (
                normalizers.Sequence([normalizers.Prepend("▁"), replace]) if name == "prefixed" else replace
            )
            tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
            # Their tokens begin at a space, or are line ends: no merge goes over one.
            tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
                [
                    pre_tokenizers.Split("▁", behavior="merged_with_next"),
                    pre_tokenizers.Split(Regex("\n+"), behavior="isolated"),
                ]
            )
            alphabet = sorted({c for text in TEXT for c in text if c.isascii() and c != " "} | {"▁"})
        trainer = trainers.BpeTrainer(
            vocab_size=560,
            max_token_length=7,
            initial_alphabet=alphabet,
            special_tokens=["<unk>", *SPECIAL, *([f"<0x{b:02X}>" for b in range(256)] if name != "bytes" else [])],
            show_progress=False,
        )
        tokenizer.train_from_iterator(TEXT, trainer)
        rewritten = json.loads(tokenizer.to_str())
        rewritten["added_tokens"] = [t for t in rewritten["added_tokens"] if not t["content"].startswith("<0x")]
        if name != "bytes":
            rewritten["pre_tokenizer"] = None
        tokenizer = Tokenizer.from_str(json.dumps(rewritten))
        # Phi's take the line end after them.
        tokenizer.add_special_tokens([AddedToken(t, rstrip=True, normalized=False) for t in STRIPPING])
        made[name] = tokenizer
    return made


KINDS = {
    "no_system_role": "plain",
    "system_in_first_turn": "plain",
    "inst_with_sys": "prefixed",
    "inst": "prefixed",
    "role_tokens": "prefixed",
    "continues": "prefixed",
}


def rendered(tokenizer: Any, template: str | None, conversation: list[dict[str, str]], answering: bool) -> dict[str, Any]:
    """The text and the ids, or nothing where the template raises."""
    chosen = {"chat_template": template} if template is not None else {}
    try:
        text = tokenizer.apply_chat_template(conversation, tokenize=False, add_generation_prompt=answering, **chosen)
    except Exception as error:  # noqa: BLE001: whatever the template raises
        return {"raises": str(error)}
    ids = tokenizer.apply_chat_template(conversation, add_generation_prompt=answering, return_dict=False, **chosen)
    return {"text": text, "ids": list(ids)}


def write_golden(here: Path) -> None:
    ready = {}
    for name, tokenizer in tokenizers().items():
        folder = here / "tokenizers" / name
        folder.mkdir(parents=True, exist_ok=True)
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        config = {"bos_token": "<s>", "eos_token": "</s>", "tokenizer_class": "PreTrainedTokenizerFast"}
        (folder / "tokenizer_config.json").write_text(json.dumps(config) + "\n")
        ready[name] = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>")
    cases = []
    for file in sorted((here / "templates").glob("*.jinja")):
        kind = KINDS.get(file.stem, "bytes")
        for name in CONVERSATIONS:
            for answering in (True, False):
                made = rendered(ready[kind], file.read_text(), CONVERSATIONS[name], answering)
                cases.append(
                    {"template": file.stem, "tokenizer": kind, "conversation": name, "answering": answering, **made}
                )
    golden = {"conversations": CONVERSATIONS, "cases": cases}
    (here / "golden.json").write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n")


def write_real(here: Path, folders: list[Path]) -> None:
    cases = []
    for folder in folders:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        for name, conversation in CONVERSATIONS.items():
            for answering in (True, False):
                ids = rendered(tokenizer, None, conversation, answering)["ids"]
                cases.append({"model": folder.name, "conversation": name, "answering": answering, "ids": ids})
    lines = ",\n".join(json.dumps(case) for case in cases)
    (here / "real.json").write_text("[\n" + lines + "\n]\n")


def main() -> None:
    here = Path(sys.argv[1])
    if len(sys.argv) == 2:
        write_golden(here)
    else:
        write_real(here, [Path(folder) for folder in sys.argv[2:]])


main()
