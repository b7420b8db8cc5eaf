"""Writes dequantised.json: blocks of every quantised type, and the numbers that the `gguf` package makes of them.

    pip install --no-deps --target READER gguf
    PYTHONPATH=READER python dequantised.py > dequantised.json

The blocks are random bytes, whose scales are then replaced by ordinary numbers. Numbers are 32-bit, little-endian, in
Base64, so that the test compares every bit.
"""

import base64
import json

import numpy
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, dequantize

# The places of 16-bit scales in a block.
SCALES = {
    "F32": None, "F16": None, "BF16": None,
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
}  # fmt: skip


def block(name: str, random: numpy.random.Generator) -> bytes:
    kind = GGMLQuantizationType[name]
    if SCALES[name] is None:
        values = random.normal(size=8).astype(numpy.float32)
        if name == "F32":
            return values.tobytes()
        if name == "F16":
            return values.astype(numpy.float16).tobytes()
        return (values.view(numpy.uint32) >> 16).astype(numpy.uint16).tobytes()
    data = bytearray(random.bytes(GGML_QUANT_SIZES[kind][1]))
    for place in SCALES[name]:
        data[place : place + 2] = numpy.float16(random.normal()).tobytes()
    return bytes(data)


def main() -> None:
    random = numpy.random.default_rng(7)
    table = {}
    for name in SCALES:
        data = block(name, random) + (b"" if SCALES[name] is None else block(name, random))
        values = dequantize(numpy.frombuffer(data, dtype=numpy.uint8), GGMLQuantizationType[name])
        table[name] = {
            "blocks": base64.b64encode(data).decode(),
            "numbers": base64.b64encode(values.astype("<f4").tobytes()).decode(),
        }
    print(json.dumps(table, indent=1))


if __name__ == "__main__":
    main()
