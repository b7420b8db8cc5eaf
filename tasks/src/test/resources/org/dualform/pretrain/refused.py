"""Prints what transformers says when it is asked to open a model folder; fails if it opens it."""

import json
import sys

from transformers import AutoModelForCausalLM

try:
    AutoModelForCausalLM.from_pretrained(sys.argv[1])
except ValueError as error:
    print(json.dumps({"error": str(error)}))
else:
    raise SystemExit("transformers opened it")
