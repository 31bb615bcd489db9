#!/usr/bin/env python3
"""Runs an exported model in PyTorch and writes its logits for some columns.

    pip install torch safetensors tokenizers
    python tests/reference/exported.py FOLDER < columns.json > logits.json

Each column is a text such as `age|27<sep>31<sep>8`. The test of the exported model compares its
logits with this output.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from encoder import Encoder

folder = Path(sys.argv[1])
config = json.loads((folder / "config.json").read_text())
tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.no_truncation()  # `max_len` in config.json sets the length instead
model = Encoder(
    config["vocab_size"],
    config["d_model"],
    config["n_heads"],
    config["n_layers"],
    config["d_feed_forward"],
    len(config["labels"]),
    config["activation"],
    cls=True,
)
model.load(load_file(folder / "model.safetensors"))
model.eval()

columns = json.load(sys.stdin)
logits = []
with torch.no_grad():
    for text in columns:
        ids = torch.tensor([tokenizer.encode(text).ids[: config["max_len"]]], dtype=torch.long)
        logits.append(model(ids, torch.ones_like(ids, dtype=torch.bool))[0].tolist())
json.dump([{"column": c, "logits": z} for c, z in zip(columns, logits)], sys.stdout, ensure_ascii=False, indent=1)
