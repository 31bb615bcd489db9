#!/usr/bin/env python3
"""Writes reference values from PyTorch, scikit-learn and seqeval, the fixtures of the Rust tests.

    pip install torch safetensors scikit-learn numpy seqeval
    python tests/reference/reference.py

The output is kept in `fixtures/`, so the tests run without this script.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from seqeval import metrics as seqeval
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB2, Entities
from sklearn import metrics as sk
from torch import nn
from torch.nn import functional as F

from encoder import Encoder

OUT = Path(__file__).parent / "fixtures"


def batch(vocab, lengths):
    t = max(lengths)
    ids = torch.zeros(len(lengths), t, dtype=torch.long)
    mask = torch.zeros(len(lengths), t, dtype=torch.bool)
    for row, n in enumerate(lengths):
        ids[row, :n] = torch.randint(1, vocab, (n,))
        mask[row, :n] = True
    return ids, mask


def task(seed, *, d, heads, layers, ff, classes, activation, loss):
    """A model, its inputs and targets, and its loss, as a pure function of the seed."""
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
    config = dict(
        vocab_size=vocab, d_model=d, n_heads=heads, n_layers=layers, d_feed_forward=ff, max_len=16, activation=activation
    )
    meta = {"config": json.dumps(config), "loss": loss, "n_classes": str(classes)}
    return model, ids, mask, target, criterion, meta


def model_case(name, seed, *, steps=0, **sizes):
    model, ids, mask, target, criterion, meta = task(seed, **sizes)
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
    save_file({k: v.contiguous() for k, v in out.items()}, OUT / f"{name}.safetensors", metadata=meta)


MULTI_LABEL = dict(d=8, heads=2, layers=2, ff=12, classes=5, activation="relu", loss="bce_with_logits")


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of Chen et al. (2023); PyTorch does not include Lion."""

    def __init__(self, params, lr, betas, weight_decay):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = (beta1 * m + (1 - beta1) * p.grad).sign()
                p.add_(update + group["weight_decay"] * p, alpha=-group["lr"])
                m.mul_(beta2).add_(p.grad, alpha=1 - beta2)


# The `[trainer.optimizer]` section of each case.
SGD = dict(kind="sgd", learning_rate=0.5, clip_norm=0.3)
ADAMW = dict(learning_rate=3e-3, weight_decay=0.1, clip_norm=0.1)
OPTIMIZERS = dict(
    sgd_plain=dict(SGD, clip_norm=0.0),
    sgd_weight_decay=dict(SGD, weight_decay=0.05),
    sgd_momentum=dict(SGD, momentum=0.9),
    sgd_dampening=dict(SGD, momentum=0.8, dampening=0.4, weight_decay=0.01),
    sgd_nesterov=dict(SGD, momentum=0.9, nesterov=True, weight_decay=0.01),
    lion=dict(kind="lion", learning_rate=1e-3, beta1=0.9, beta2=0.99, weight_decay=0.3, clip_norm=0.1),
    adamw_matrices=dict(ADAMW, decayed="matrices"),
    adamw_layers=dict(ADAMW, layer_decay=0.5),
    adamw_frozen=dict(ADAMW, groups=[dict(params=["embedding.*", "encoder.layers.0.*"], frozen=True)]),
    adamw_groups=dict(
        ADAMW,
        groups=[
            dict(params=["encoder.*.bias", "head.bias"], weight_decay=0.0),
            dict(params=["head.*"], learning_rate_factor=4.0),
        ],
    ),
    sgd_groups=dict(
        SGD,
        momentum=0.9,
        weight_decay=0.05,
        layer_decay=0.7,
        groups=[dict(params=["head.*"], learning_rate_factor=0.1, weight_decay=0.0)],
    ),
)


def torch_groups(name, model, config):
    """Parameter groups as a PyTorch user would write them by hand: one per parameter, with learning-rate factor and decay."""
    decay, groups = config.get("weight_decay", 0.0), []
    for at, parameter in model.named_parameters():
        factor, own = 1.0, decay
        in_layer = next((i for i in range(2) if at.startswith(f"layers.layers.{i}.")), None)
        is_embedding = at in ("tokens.weight", "cls")
        if "layer_decay" in config:
            factor = config["layer_decay"] ** (2 if is_embedding else 0 if in_layer is None else 1 - in_layer)
        if name == "adamw_matrices" and (parameter.dim() < 2 or is_embedding):
            own = 0.0
        if name == "adamw_frozen" and (is_embedding or in_layer == 0):
            parameter.requires_grad_(False)
            continue
        if name == "adamw_groups":
            if at.startswith("head."):
                factor = 4.0
            elif at.endswith("bias"):
                own = 0.0
        if name == "sgd_groups" and at.startswith("head."):
            factor, own = 0.1, 0.0
        groups.append(dict(params=[parameter], factor=factor, weight_decay=own))
    return groups


def torch_optimizer(groups, config):
    rate, kind = config["learning_rate"], config.get("kind", "adamw")
    if kind == "sgd":
        momentum = {k: config[k] for k in ("momentum", "dampening", "nesterov") if k in config}
        return torch.optim.SGD(groups, lr=rate, **momentum)
    if kind == "lion":
        return Lion(groups, lr=rate, betas=(config["beta1"], config["beta2"]), weight_decay=0.0)
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), eps=1e-8)


def optimizer_cases():
    """Eight steps of each optimizer on the model of `multi_label`, with a decreasing learning rate."""
    out = {}
    for name, config in OPTIMIZERS.items():
        model, ids, mask, _, criterion, meta = task(1, **MULTI_LABEL)
        optimizer = torch_optimizer(torch_groups(name, model, config), config)
        norms = []
        for step in range(8):
            for group in optimizer.param_groups:
                group["lr"] = config["learning_rate"] * (1 - step / 16) * group["factor"]
            optimizer.zero_grad()
            criterion(model(ids, mask)).backward()
            limit = config["clip_norm"] or math.inf
            norms.append(nn.utils.clip_grad_norm_(model.parameters(), limit).item())
            optimizer.step()
        out |= {f"{name}.after.{k}": v for k, v in model.named(lambda p: p).items()}
        out[f"{name}.norms"] = torch.tensor(norms)
    save_file(out, OUT / "optimizers.safetensors", metadata=meta)
    (OUT / "optimizers.json").write_text(json.dumps(OPTIMIZERS) + "\n")


def plateau():
    """Learning rates of PyTorch's ReduceLROnPlateau."""
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
    """Learning rates of linear warm-up and cosine decay to a floor, from PyTorch's LambdaLR."""
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
        # PyTorch's own schedulers, chained, give the same learning rates.
        own = torch.optim.SGD([torch.zeros(1)], lr=2e-3)
        fall = torch.optim.lr_scheduler.CosineAnnealingLR(own, max(1, total - warmup), 2e-3 * floor)
        if warmup:
            rise = torch.optim.lr_scheduler.LinearLR(own, 1 / warmup, total_iters=warmup - 1)
            rise = torch.optim.lr_scheduler.SequentialLR(own, [rise, fall], [warmup])
        for step, rate in enumerate(rates[: total + 1]):
            assert math.isclose(own.param_groups[0]["lr"], rate, rel_tol=1e-9, abs_tol=1e-15), (warmup, total, step)
            own.step()
            (rise if warmup else fall).step()
        cases.append(dict(warmup=warmup, total=total, floor=floor, initial=2e-3, rates=rates))
    return cases


def metric_cases():
    """Metrics of multi-label and multi-class predictions from scikit-learn."""
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
    # The score of a multi-label validation is computed from these metrics.
    many["score"] = (
        0.5 * many["micro_f1"] + 0.2 * many["micro_precision"] + 0.2 * many["micro_recall"] + 0.1 * many["exact_match"]
    )
    many["per_class_f1"] = sk.f1_score(truth, predicted, average=None, **zero).tolist()
    many["support"] = truth.sum(0).tolist()

    y = rng.integers(0, 5, 80)
    guess = np.where(rng.random(80) < 0.7, y, rng.integers(0, 5, 80))
    one = dict(truth=y.tolist(), predicted=guess.tolist(), n_classes=6)
    one["accuracy"] = sk.accuracy_score(y, guess)
    # The mean over the classes that occur in the truth or the predictions, which is scikit-learn's default for multi-class data.
    one["macro_f1"] = sk.f1_score(y, guess, average="macro", **zero)
    return dict(multi_label=many, multi_class=one, absent=absent_classes(rng))


def absent_classes(rng):
    """Macro averages if most classes never occur; `labels` are the classes that occur in the truth or the predictions."""
    zero = dict(zero_division=0)
    cases = []
    # Classes in the truth, classes in the predictions, number of classes.
    for true, given, c in (((0, 3), (0, 3), 32), ((0, 3), (0, 3, 7), 32), ((1,), (2,), 5), ((), (), 4), ((0, 1, 2), (), 6)):
        n = 40
        truth, predicted = np.zeros((n, c), int), np.zeros((n, c), int)
        for column in true:
            truth[:, column] = rng.random(n) < 0.5
        for column in given:
            predicted[:, column] = np.where(rng.random(n) < 0.8, truth[:, column], rng.random(n) < 0.5)
        labels = [column for column in range(c) if truth[:, column].any() or predicted[:, column].any()]
        case = dict(truth=truth.tolist(), predicted=predicted.tolist(), labels=labels)
        for name, score in (("precision", sk.precision_score), ("recall", sk.recall_score), ("f1", sk.f1_score)):
            # The mean over no labels is 0.
            case[name] = score(truth, predicted, average="macro", labels=labels, **zero) if labels else 0.0
        cases.append(case)
    # Multi-class: by default, scikit-learn averages over the classes that occur.
    y = np.array([2, 2, 2, 5, 5, 2])
    guess = np.array([2, 2, 5, 5, 7, 2])
    one = dict(truth=y.tolist(), predicted=guess.tolist(), n_classes=32, macro_f1=sk.f1_score(y, guess, average="macro", **zero))
    # Predictions that are all correct.
    perfect = dict(truth=y.tolist(), predicted=y.tolist(), n_classes=32, macro_f1=sk.f1_score(y, y, average="macro", **zero))
    return dict(multi_label=cases, multi_class=[one, perfect])


def entity_cases():
    """Entity-level metrics from seqeval, in its default and its strict mode, for random tags. Most sequences are not valid IOB2."""
    rng = np.random.default_rng(17)
    modes = dict(lenient={}, strict=dict(mode="strict", scheme=IOB2))
    averages = (("micro", "micro"), ("macro", "macro"), ("per_type", None))
    cases = []
    while len(cases) < 60:
        types = ["PER", "LOC", "DATE", "X-Y"][: int(rng.integers(1, 5))]
        names = ["O"] + [f"{prefix}-{name}" for name in types for prefix in "BI"]
        weights = np.array([float(rng.integers(1, 9))] + [1.0] * (len(names) - 1))
        draw = lambda n: [str(tag) for tag in rng.choice(names, n, p=weights / weights.sum())]
        truth = [draw(int(rng.integers(0, 16))) for _ in range(8)]
        wrong = rng.random() * 0.6
        predicted = [[other if rng.random() < wrong else tag for tag, other in zip(row, draw(len(row)))] for row in truth]
        if not all(Entities(rows, IOB2).unique_tags for rows in (truth, predicted)):
            continue
        case = dict(types=types, truth=[" ".join(row) for row in truth], predicted=[" ".join(row) for row in predicted])
        case["entities"] = [[[name, start, end + 1] for name, start, end in get_entities(row)] for row in predicted]
        case["strict_entities"] = [
            [[entity.tag, entity.start, entity.end] for entity in row] for row in Entities(predicted, IOB2).entities
        ]
        case["accuracy"] = seqeval.accuracy_score(truth, predicted)
        for mode, options in modes.items():
            case[mode] = {
                name: [
                    np.asarray(score(truth, predicted, average=average, zero_division=0, **options)).tolist()
                    for score in (seqeval.precision_score, seqeval.recall_score, seqeval.f1_score)
                ]
                for name, average in averages
            }
        cases.append(case)
    return cases


def main():
    OUT.mkdir(exist_ok=True)
    model_case("multi_label", 1, **MULTI_LABEL, steps=10)
    model_case("multi_class", 2, d=12, heads=3, layers=1, ff=10, classes=4, activation="gelu", loss="cross_entropy")
    model_case("token_classification", 3, d=8, heads=2, layers=2, ff=16, classes=3, activation="gelu", loss="token_cross_entropy", steps=10)
    optimizer_cases()
    (OUT / "schedules.json").write_text(json.dumps(dict(plateau=plateau(), cosine=cosine())) + "\n")
    (OUT / "metrics.json").write_text(json.dumps(metric_cases()) + "\n")
    (OUT / "entities.json").write_text(json.dumps(entity_cases()) + "\n")


if __name__ == "__main__":
    main()
