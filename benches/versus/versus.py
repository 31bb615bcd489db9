"""Drivetrain against PyTorch on this machine: the same model, the same batches of the same token store, in turns.

Needs `pip install torch tokenizers`, and Rust. `just versus-pytorch` runs it; `--help` says what can be left out.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SEED = {"d": 128, "heads": 2, "layers": 1, "ff": 512}
MEDIUM = {"d": 256, "heads": 4, "layers": 4, "ff": 1024}


class Side:
    """A process that trains or infers on command."""

    def __init__(self, command, spec):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ask(spec)

    def ask(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"one side ended early: {self.process.args}")
        return json.loads(line)

    def run(self, work, batches):
        return self.ask({"work": work, "batches": batches})

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def compare(data, sizes, per_token, work, variants, rounds, threads):
    """Medians over the batches of opponent's time / our time, and both sides' samples/s and peak memory."""
    spec = data | sizes | {"per_token": per_token, "threads": threads}
    sides = {"ours": Side([f"{ROOT}/target/release/versus"], spec)}
    for variant in variants:
        sides[variant] = Side([sys.executable, f"{HERE}/opponent.py"], spec | {"variant": variant})
    samples = len(data["batches"][0])
    # Batches by length, so that every round has short, middle and long ones.
    order = sorted(range(len(data["batches"])), key=lambda i: data["lengths"][i])
    picks = [order[(2 * i + 1) * len(order) // (2 * rounds)] for i in range(rounds)]
    times = {name: [] for name in sides}
    for batch in [picks[0], *picks]:
        for name, side in sides.items():
            # One step to warm up after the other side had the caches, then the median of some.
            ms = side.run(work, [batch] * (4 if name == "ours" else 2))["ms"][1:]
            times[name].append(statistics.median(ms))
    found = {}
    for name in variants:
        ratios = [theirs / ours for ours, theirs in zip(times["ours"][1:], times[name][1:])]
        found[name] = {
            "ratio": statistics.median(ratios),
            "total": sum(times[name][1:]) / sum(times["ours"][1:]),
            "from": min(ratios),
            "to": max(ratios),
        }
    for name, side in sides.items():
        peak = side.run(work, [])["peak_mib"]
        found.setdefault(name, {}).update(
            peak=peak, ms=[round(t, 1) for t in times[name][1:]], rate=samples * rounds / sum(times[name][1:]) * 1e3
        )
        side.end()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    threads = len(os.sched_getaffinity(0))
    subprocess.run(["cargo", "build", "--release", "-p", "drivetrain-benches"], check=True, cwd=ROOT)
    with tempfile.TemporaryDirectory() as folder:
        data = json.loads(subprocess.check_output([f"{ROOT}/target/release/versus", "prepare", folder]))
        data["lengths"] = [max(data["sizes"][i] for i in batch) for batch in data["batches"]]
        for label, sizes, per_token, work, variants in [
            ("seed train", SEED, False, "train", ["plain", "same", "bf16"]),
            ("medium train", MEDIUM, False, "train", ["plain"]),
            ("medium tokens", MEDIUM, True, "train", ["plain"]),
            ("seed infer", SEED, False, "infer", ["plain"]),
            ("medium infer", MEDIUM, False, "infer", ["plain"]),
        ]:
            if options.only and options.only not in label:
                continue
            found = compare(data, sizes, per_token, work, variants, options.rounds, threads)
            print(label, json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
