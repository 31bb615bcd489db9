#!/usr/bin/env python3
"""Writes the fixtures that the Rust tests compare with: numbers from PyTorch and scikit-learn, not from this project.

    pip install torch safetensors scikit-learn numpy
    python tests/reference/reference.py

Running the tests does not need this script: its output is kept in `fixtures/`.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from sklearn import metrics as sk
from torch import nn
from torch.nn import functional as F

OUT = Path(__file__).parent / "fixtures"


class Encoder(nn.Module):
    """Built from torch.nn's own encoder layers; `names` maps its weights to the project's names."""

    def __init__(self, vocab, d, heads, layers, ff, classes, activation, cls):
        super().__init__()
        self.d = d
        self.tokens = nn.Embedding(vocab, d)
        nn.init.normal_(self.tokens.weight, std=d**-0.5)
        self.cls = nn.Parameter(torch.randn(d) * d**-0.5) if cls else None
        layer = nn.TransformerEncoderLayer(d, heads, ff, 0.0, activation, batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(d), enable_nested_tensor=False)
        self.head = nn.Linear(d, classes)
        for name, p in self.named_parameters():  # so that no gradient is hidden behind a zero or a one
            if p.dim() == 1:
                nn.init.normal_(p, mean=1.0 if "norm" in name and "weight" in name else 0.0, std=0.2)
        with torch.no_grad():  # TransformerEncoder copies one layer: make the copies differ
            for p in self.layers.parameters():
                p.add_(torch.randn_like(p) * 0.05)

    def forward(self, ids, mask):
        x = self.tokens(ids) * math.sqrt(self.d)
        if self.cls is not None:
            x = torch.cat([self.cls.expand(len(ids), 1, -1), x], 1)
            mask = torch.cat([torch.ones(len(ids), 1, dtype=torch.bool), mask], 1)
        t = torch.arange(x.shape[1], dtype=torch.float64)[:, None]
        angle = t / 10000 ** (torch.arange(0, self.d, 2, dtype=torch.float64) / self.d)
        x = x + torch.stack([angle.sin(), angle.cos()], -1).flatten(1).float()
        x = self.layers(x, src_key_padding_mask=~mask)  # torch: True is padding
        return self.head(x[:, 0] if self.cls is not None else x)

    def named(self, of):
        """`of(parameter)` under the project's names."""
        d, out = self.d, {"embedding.tokens.weight": of(self.tokens.weight)}
        if self.cls is not None:
            out["embedding.cls"] = of(self.cls)
        for i, layer in enumerate(self.layers.layers):
            at = f"encoder.layers.{i}."
            w, b = of(layer.self_attn.in_proj_weight), of(layer.self_attn.in_proj_bias)
            for j, part in enumerate(["query", "key", "value"]):
                out[f"{at}attention.{part}.weight"] = w[j * d : (j + 1) * d]
                out[f"{at}attention.{part}.bias"] = b[j * d : (j + 1) * d]
            modules = {
                "attention.output": layer.self_attn.out_proj,
                "feed_forward.inner": layer.linear1,
                "feed_forward.outer": layer.linear2,
                "attention_norm": layer.norm1,
                "feed_forward_norm": layer.norm2,
            }
            for name, module in modules.items():
                out[f"{at}{name}.weight"], out[f"{at}{name}.bias"] = of(module.weight), of(module.bias)
        out["encoder.norm.weight"], out["encoder.norm.bias"] = of(self.layers.norm.weight), of(self.layers.norm.bias)
        out["head.weight"], out["head.bias"] = of(self.head.weight), of(self.head.bias)
        return {k: v.detach().clone().contiguous() for k, v in out.items()}


def batch(vocab, lengths):
    t = max(lengths)
    ids = torch.zeros(len(lengths), t, dtype=torch.long)
    mask = torch.zeros(len(lengths), t, dtype=torch.bool)
    for row, n in enumerate(lengths):
        ids[row, :n] = torch.randint(1, vocab, (n,))
        mask[row, :n] = True
    return ids, mask


def model_case(name, seed, *, d, heads, layers, ff, classes, activation, loss, steps=0):
    torch.manual_seed(seed)
    vocab, lengths = 17, [5, 9, 1, 7]
    model = Encoder(vocab, d, heads, layers, ff, classes, activation, cls=loss != "token_cross_entropy")
    ids, mask = batch(vocab, lengths)
    if loss == "bce_with_logits":
        target = (torch.rand(len(lengths), classes) < 0.3).float()
        criterion = lambda z: F.binary_cross_entropy_with_logits(z, target)
    elif loss == "cross_entropy":
        target = torch.randint(classes, (len(lengths),))
        criterion = lambda z: F.cross_entropy(z, target)
    else:
        target = torch.randint(classes, ids.shape)
        target[~mask] = -100
        criterion = lambda z: F.cross_entropy(z.transpose(1, 2), target)
    out = {f"param.{k}": v for k, v in model.named(lambda p: p).items()}
    logits = model(ids, mask)
    value = criterion(logits)
    value.backward()
    out |= {f"grad.{k}": v for k, v in model.named(lambda p: p.grad).items()}
    out |= {"ids": ids.int(), "mask": mask.int(), "target": target if target.is_floating_point() else target.int()}
    out |= {"logits": logits.detach(), "loss": value.detach().reshape(1)}
    if steps:
        optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.01)
        losses, norms = [], []
        for step in range(steps):
            for group in optimizer.param_groups:
                group["lr"] = 3e-3 * (1 - step / 20)
            optimizer.zero_grad()
            value = criterion(model(ids, mask))
            value.backward()
            norms.append(nn.utils.clip_grad_norm_(model.parameters(), 0.1).item())
            optimizer.step()
            losses.append(value.item())
        out |= {f"after.{k}": v for k, v in model.named(lambda p: p).items()}
        out |= {"losses": torch.tensor(losses), "norms": torch.tensor(norms)}
    config = dict(
        vocab_size=vocab, d_model=d, n_heads=heads, n_layers=layers, d_feed_forward=ff, max_len=16, activation=activation
    )
    meta = {"config": json.dumps(config), "loss": loss, "n_classes": str(classes)}
    save_file({k: v.contiguous() for k, v in out.items()}, OUT / f"{name}.safetensors", metadata=meta)


def plateau():
    """ReduceLROnPlateau, driven by PyTorch itself."""
    rng = np.random.default_rng(5)
    falling = [1.0, 0.8, 0.7, 0.69999, 0.7, 0.71, 0.7, 0.72, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.55, 0.6, 0.6, 0.6, 0.6]
    noisy = [float(x) for x in 1 / np.arange(1, 41) + 0.05 * rng.standard_normal(40)]
    cases = []
    for values in (falling, noisy):
        for kwargs in (
            dict(mode="min", factor=0.9, patience=3),
            dict(mode="min", factor=0.5, patience=1, cooldown=2, min_lr=1e-4),
            dict(mode="max", factor=0.3, patience=0, threshold=0.01, threshold_mode="abs"),
            dict(mode="min", factor=0.1, patience=2, threshold=0.1, eps=1e-5),
        ):
            optimizer = torch.optim.SGD([torch.zeros(1)], lr=1e-3)
            scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **kwargs)
            rates = []
            for value in values:
                scheduler.step(value)
                rates.append(optimizer.param_groups[0]["lr"])
            cases.append(dict(kwargs=kwargs, initial=1e-3, values=values, rates=rates))
    return cases


def cosine():
    """Linear warm-up, then a half cosine, as transformers' get_cosine_schedule_with_warmup has it, driven by LambdaLR."""
    cases = []
    for warmup, total, floor in ((0, 20, 0.0), (5, 40, 0.1), (10, 10, 0.0)):
        def factor(step):
            if step < warmup:
                return (step + 1) / warmup
            progress = min(1.0, (step - warmup) / max(1, total - warmup))
            return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * progress))
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=2e-3)
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
        rates = []
        for _ in range(total + 3):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        cases.append(dict(warmup=warmup, total=total, floor=floor, initial=2e-3, rates=rates))
    return cases


def metric_cases():
    """Counts and figures from scikit-learn."""
    rng = np.random.default_rng(11)
    n, c = 60, 7
    truth = (rng.random((n, c)) < 0.25).astype(int)
    flip = rng.random((n, c)) < 0.12
    predicted = np.where(flip, 1 - truth, truth)
    predicted[:, 5] = 0  # a class never predicted
    truth[:, 6] = 0  # a class that never occurs
    zero = dict(zero_division=0)
    many = dict(truth=truth.tolist(), predicted=predicted.tolist())
    for average in ("micro", "macro"):
        many[f"{average}_precision"] = sk.precision_score(truth, predicted, average=average, **zero)
        many[f"{average}_recall"] = sk.recall_score(truth, predicted, average=average, **zero)
        many[f"{average}_f1"] = sk.f1_score(truth, predicted, average=average, **zero)
    many["hamming"] = sk.hamming_loss(truth, predicted)
    many["exact_match"] = sk.accuracy_score(truth, predicted)
    many["per_class_f1"] = sk.f1_score(truth, predicted, average=None, **zero).tolist()
    many["support"] = truth.sum(0).tolist()

    y = rng.integers(0, 5, 80)
    guess = np.where(rng.random(80) < 0.7, y, rng.integers(0, 5, 80))
    one = dict(truth=y.tolist(), predicted=guess.tolist(), n_classes=6)
    one["accuracy"] = sk.accuracy_score(y, guess)
    one["macro_f1"] = sk.f1_score(y, guess, average="macro", labels=list(range(6)), **zero)
    return dict(several_of_n=many, one_of_n=one)


def main():
    OUT.mkdir(exist_ok=True)
    model_case("several_of_n", 1, d=8, heads=2, layers=2, ff=12, classes=5, activation="relu", loss="bce_with_logits", steps=10)
    model_case("one_of_n", 2, d=12, heads=3, layers=1, ff=10, classes=4, activation="gelu", loss="cross_entropy")
    model_case("per_token", 3, d=8, heads=2, layers=2, ff=16, classes=3, activation="gelu", loss="token_cross_entropy", steps=10)
    (OUT / "schedules.json").write_text(json.dumps(dict(plateau=plateau(), cosine=cosine())) + "\n")
    (OUT / "metrics.json").write_text(json.dumps(metric_cases()) + "\n")


if __name__ == "__main__":
    main()
