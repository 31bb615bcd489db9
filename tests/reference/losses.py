#!/usr/bin/env python3
"""Writes losses with options, and their gradients, to `fixtures/losses.json`. Needs torch.

The sigmoid focal loss is written out as in torchvision (`torchvision.ops.sigmoid_focal_loss`, reduction "mean"); the multi-class
one is that of Lin et al. (2017): (1 - p_y)^gamma times the cross entropy of each row, with PyTorch's weighted mean.
"""

import json
from pathlib import Path

import torch
from torch.nn import functional as F

OUT = Path(__file__).parent / "fixtures"


def sigmoid_focal_loss(z, y, gamma, alpha=None, pos_weight=None):
    p = torch.sigmoid(z)
    ce = F.binary_cross_entropy_with_logits(z, y, reduction="none", pos_weight=pos_weight)
    p_t = p * y + (1 - p) * (1 - y)
    loss = ce * (1 - p_t) ** gamma
    if alpha is not None:
        loss = (alpha * y + (1 - alpha) * (1 - y)) * loss
    return loss.mean()


def focal_loss(z, y, gamma, weight=None, label_smoothing=0.0):
    ce = F.cross_entropy(z, y, weight=weight, label_smoothing=label_smoothing, reduction="none", ignore_index=-100)
    counted = y >= 0
    p_y = torch.softmax(z, 1).gather(1, y.clamp_min(0)[:, None])[:, 0]
    weights = (weight[y.clamp_min(0)] if weight is not None else torch.ones_like(p_y)) * counted
    return ((1 - p_y) ** gamma * ce * counted).sum() / weights.sum()


def case(z, criterion, **rest):
    z = z.clone().requires_grad_()
    loss = criterion(z)
    loss.backward()
    return dict(logits=z.tolist(), loss=loss.item(), gradient=z.grad.tolist(), **rest)


def main():
    torch.manual_seed(4)
    b, c = 6, 5
    z = 2 * torch.randn(b, c)
    y = (torch.rand(b, c) < 0.4).float()
    pos_weight = [0.5, 1.0, 3.0, 2.0, 10.0]
    binary = []
    for weights in (None, pos_weight, [4.0]):
        w = None if weights is None else torch.tensor(weights)
        for gamma, alpha in ((0.0, None), (2.0, 0.25), (0.5, None), (1.0, 0.6)):
            if gamma == 0.0:
                criterion = lambda z: F.binary_cross_entropy_with_logits(z, y, pos_weight=w)
            else:
                criterion = lambda z: sigmoid_focal_loss(z, y, gamma, alpha, w)
            binary.append(case(z, criterion, labels=y.tolist(), pos_weight=weights, gamma=gamma, alpha=alpha))

    multi = []
    whole, ignoring = torch.randint(c, (b,)), torch.tensor([1, -100, 4, 0, -100, 2])
    for target in (whole, ignoring):
        for weights in (None, [1.0, 0.2, 2.0, 0.5, 3.0]):
            w = None if weights is None else torch.tensor(weights)
            for smoothing in (0.0, 0.1, 0.5):
                for gamma in (0.0, 0.5, 2.0):
                    if gamma == 0.0:
                        criterion = lambda z: F.cross_entropy(z, target, weight=w, label_smoothing=smoothing)
                    else:
                        criterion = lambda z: focal_loss(z, target, gamma, w, smoothing)
                    rest = dict(classes=target.tolist(), weights=weights, label_smoothing=smoothing, gamma=gamma)
                    multi.append(case(z, criterion, **rest))
    (OUT / "losses.json").write_text(json.dumps(dict(bce=binary, cross_entropy=multi)) + "\n")


if __name__ == "__main__":
    main()
