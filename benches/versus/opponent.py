"""PyTorch's side of the comparison: the same model on the same batches, as a skilled PyTorch user would write it.

Reads a specification from the first line of stdin and a command from each further line, and answers each with a line of JSON.
"""

import json
import math
import sys
import time
from array import array

import torch
import torch.nn.functional as F
from torch import nn

CLASSES = 32


class Encoder(nn.Module):
    """The pre-norm encoder of torch.nn. The head is applied to every token, or in a classifier to [CLS] only."""

    def __init__(self, vocab, d, heads, layers, ff, max_len, per_token, dropout=0.1):
        super().__init__()
        self.d, self.heads, self.per_token, self.p = d, heads, per_token, dropout
        self.tokens = nn.Embedding(vocab, d)
        nn.init.normal_(self.tokens.weight, std=d**-0.5)
        self.cls = None if per_token else nn.Parameter(torch.randn(d) * d**-0.5)
        t = torch.arange(max_len + 1, dtype=torch.float32)[:, None]
        angle = t / 10000 ** (torch.arange(0, d, 2) / d)
        self.register_buffer("positions", torch.stack([angle.sin(), angle.cos()], -1).flatten(1))
        layer = nn.TransformerEncoderLayer(d, heads, ff, dropout, "relu", batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(d), enable_nested_tensor=False)
        self.head = nn.Linear(d, CLASSES)

    def embed(self, ids, mask):
        x = self.tokens(ids) * math.sqrt(self.d)
        if self.cls is not None:
            x = torch.cat([self.cls.expand(len(ids), 1, -1), x], 1)
            mask = F.pad(mask, (1, 0), value=True)
        return F.dropout(x + self.positions[: x.shape[1]], self.p, self.training), mask

    def forward(self, ids, mask):
        x, mask = self.embed(ids, mask)
        x = self.layers(x, src_key_padding_mask=~mask)
        return self.head(x if self.per_token else x[:, 0])


class FirstRowEncoder(Encoder):
    """The same function, with the last layer computed for [CLS] only, and without computing keys and values."""

    def forward(self, ids, mask):
        x, mask = self.embed(ids, mask)
        for layer in self.layers.layers[:-1]:
            x = layer(x, src_key_padding_mask=~mask)
        last, (b, t, d), h = self.layers.layers[-1], x.shape, self.heads
        k = d // h
        attn = last.self_attn
        n = last.norm1(x)
        wq, wk, wv = attn.in_proj_weight.view(3, d, d)
        bq, _, bv = attn.in_proj_bias.view(3, d)
        q = F.linear(n[:, 0], wq, bq).view(b, h, k)
        folded = torch.einsum("bhk,hkd->bhd", q, wk.view(h, k, d)) / math.sqrt(k)
        scores = torch.bmm(folded, n.transpose(1, 2)).masked_fill(~mask[:, None], float("-inf"))
        p = F.dropout(scores.softmax(-1), self.p, self.training)
        mix = torch.bmm(p, n)
        mixed = torch.einsum("bhd,hkd->bhk", mix, wv.view(h, k, d)) + p.sum(-1, keepdim=True) * bv.view(h, k)
        y = x[:, 0] + last.dropout1(attn.out_proj(mixed.reshape(b, d)))
        y = y + last._ff_block(last.norm2(y))
        return self.head(self.layers.norm(y))


def token_store(path):
    """Reads a token store; crates/data/src/token_store/mod.rs describes its layout."""
    with open(path, "rb") as file:
        data = file.read()
    words = array("Q", data[: 12 * 8])
    samples, n_ids = words[4], words[5]
    ids = torch.frombuffer(bytearray(data[96 : 96 + 4 * n_ids]), dtype=torch.int32)
    table_at = 96 + (4 * n_ids + 7) // 8 * 8
    table = torch.frombuffer(bytearray(data[table_at : table_at + 32 * samples]), dtype=torch.int64).view(-1, 4)
    out = []
    for start, lengths, _, _ in table.tolist():
        inputs, targets = lengths & 0xFFFFFFFF, lengths >> 32
        out.append((ids[start : start + inputs].long(), ids[start + inputs : start + inputs + targets].long()))
    return out


def collate(samples, per_token):
    length = max(len(i) for i, _ in samples)
    ids = torch.zeros(len(samples), length, dtype=torch.long)
    mask = torch.zeros(len(samples), length, dtype=torch.bool)
    labels = torch.zeros(len(samples), CLASSES)
    if per_token:
        labels = torch.full((len(samples), length), -100)
    for row, (i, t) in enumerate(samples):
        ids[row, : len(i)] = i
        mask[row, : len(i)] = True
        if per_token:
            labels[row, : len(i)] = i % CLASSES
        else:
            labels[row, t] = 1.0
    return ids, mask, labels


class Side:
    def __init__(self, spec):
        torch.manual_seed(0)
        torch.set_num_threads(spec["threads"])
        store = token_store(spec["store"])
        self.per_token = spec["per_token"]
        self.batches = [collate([store[i] for i in batch], self.per_token) for batch in spec["batches"]]
        kind = FirstRowEncoder if spec["variant"] != "plain" and not self.per_token else Encoder
        sizes = [spec[name] for name in ["vocab", "d", "heads", "layers", "ff", "max_len"]]
        self.model = kind(*sizes, self.per_token)
        self.autocast = spec["variant"] == "bf16"
        fused = {} if spec["variant"] == "plain" else {"fused": True}
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=5e-5, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.01, **fused
        )

    def step(self, batch):
        ids, mask, labels = self.batches[batch]
        self.optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.autocast):
            logits = self.model(ids, mask)
        if self.per_token:
            loss = F.cross_entropy(logits.float().flatten(0, 1), labels.flatten())
        else:
            loss = F.binary_cross_entropy_with_logits(logits.float(), labels)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def infer(self, batch):
        ids, mask, _ = self.batches[batch]
        with torch.autocast("cpu", torch.bfloat16, enabled=self.autocast):
            return self.model(ids, mask).sum().item()

    def run(self, work, batches):
        self.model.train(work == "train")
        turn = self.step if work == "train" else self.infer
        times, values = [], []
        for batch in batches:
            started = time.perf_counter()
            values.append(turn(batch))
            times.append((time.perf_counter() - started) * 1e3)
        return {"ms": times, "values": values}


def peak_memory():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def main():
    side = Side(json.loads(sys.stdin.readline()))
    print(json.dumps({"ready": torch.__version__}), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        answer = side.run(command["work"], command["batches"])
        answer["peak_mib"] = peak_memory()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
