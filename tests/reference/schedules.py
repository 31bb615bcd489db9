#!/usr/bin/env python3
"""Writes learning rates of PyTorch's schedulers to `fixtures/learning_rates.json`. Needs torch.

Each case has the configuration as Drivetrain reads it, the base rate, the number of steps of the run, and the rate of each step.
"""

import json
import math
from pathlib import Path

import torch
from torch.optim import lr_scheduler as lr

OUT = Path(__file__).parent / "fixtures"


def rates(make, base, steps):
    """The rate of each step, with the scheduler stepped after each optimizer step."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=base)
    scheduler = make(optimizer)
    found = []
    for step in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        if step + 1 < steps:  # OneCycleLR raises an error after its last step
            optimizer.step()
            scheduler.step()
    return found


def warm_up(optimizer, steps, then):
    """Linear warm-up whose first step has 1/steps of the rate, then another scheduler."""
    if not steps:
        return then
    rise = lr.LinearLR(optimizer, 1 / steps, total_iters=steps - 1) if steps > 1 else lr.ConstantLR(optimizer, 1.0)
    return lr.SequentialLR(optimizer, [rise, then], [steps])


def linear(warmup, total, floor):
    def make(optimizer):
        return warm_up(optimizer, warmup, lr.LinearLR(optimizer, 1.0, floor, total_iters=max(1, total - warmup)))
    return dict(kind="linear", warmup_steps=warmup, floor=floor), make, total, total + 3


def cosine_restarts(warmup, period, factor, floor, base, total):
    def make(optimizer):
        fall = lr.CosineAnnealingWarmRestarts(optimizer, period, factor, eta_min=floor * base)
        return warm_up(optimizer, warmup, fall)
    config = dict(kind="cosine_restarts", warmup_steps=warmup, period=period, period_factor=factor, floor=floor)
    return config, make, total, total


def one_cycle(base, total, anneal="cos", **kwargs):
    def make(optimizer):
        return lr.OneCycleLR(optimizer, base, total_steps=total, anneal_strategy=anneal, cycle_momentum=False, **kwargs)
    return dict(kind="one_cycle", anneal=anneal, **kwargs), make, total, total


def inverse_square_root(d_model, warmup, total):
    # Vaswani et al. (2017), section 5.3, as a LambdaLR. The formula is divided by its peak, so that the peak is the base rate.
    def factor(step):
        s = step + 1
        return d_model**-0.5 * min(s**-0.5, s * warmup**-1.5)
    def make(optimizer):
        return lr.LambdaLR(optimizer, lambda step: factor(step) / (d_model * warmup) ** -0.5)
    return dict(kind="inverse_square_root", warmup_steps=warmup), make, total, total


def step(size, gamma, total):
    return dict(kind="step", step_size=size, factor=gamma), lambda o: lr.StepLR(o, size, gamma), total, total


def multi_step(milestones, gamma, total):
    config = dict(kind="multi_step", milestones=milestones, factor=gamma)
    return config, lambda o: lr.MultiStepLR(o, milestones, gamma), total, total


def main():
    base = 2e-3
    cases = [
        linear(0, 20, 0.0),
        linear(5, 40, 0.1),
        linear(1, 10, 1.0),
        cosine_restarts(0, 7, 1, 0.0, base, 40),
        cosine_restarts(0, 5, 2, 0.1, base, 60),
        cosine_restarts(4, 3, 3, 0.05, base, 60),
        cosine_restarts(0, 1, 1, 0.5, base, 5),
        one_cycle(base, 50),
        one_cycle(base, 50, "linear"),
        one_cycle(base, 37, pct_start=0.25, div_factor=10.0, final_div_factor=100.0, three_phase=True),
        one_cycle(base, 37, "linear", pct_start=0.4, three_phase=True),
        one_cycle(base, 11, pct_start=0.0),
        inverse_square_root(64, 10, 50),
        inverse_square_root(512, 1, 20),
        step(7, 0.5, 40),
        step(1, 0.9, 30),
        multi_step([5, 12, 12, 30], 0.1, 40),
    ]
    found = []
    for config, make, total, steps in cases:
        found.append(dict(config=config, base=base, total=total, rates=rates(make, base, steps)))
        assert all(math.isfinite(rate) for rate in found[-1]["rates"]), config
    (OUT / "learning_rates.json").write_text(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
