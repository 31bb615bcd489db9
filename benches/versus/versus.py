"""Compares Drivetrain with PyTorch on this machine: the same model and the same batches from the same token store, in turns.

Needs `pip install torch tokenizers`, and Rust. `just versus-pytorch` runs it; `--help` says which parts can be left out.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILT = f"{ROOT}/target/release"
ESSAY = {"d": 128, "heads": 2, "layers": 1, "ff": 512, "precision": "f32"}
MEDIUM = {"d": 256, "heads": 4, "layers": 4, "ff": 1024, "precision": "f32"}


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
    """For each variant of PyTorch, the median over the batches of its time divided by ours; for all sides, samples/s and peak
    memory.
    """
    spec = data | sizes | {"per_token": per_token, "threads": threads}
    sides = {"ours": Side([f"{BUILT}/versus"], spec)}
    for variant in variants:
        sides[variant] = Side([sys.executable, f"{HERE}/opponent.py"], spec | {"variant": variant})
    samples = len(data["batches"][0])
    # The batches are sorted by length, and short, medium and long ones are picked: one batch per round.
    order = sorted(range(len(data["batches"])), key=lambda i: data["lengths"][i])
    picks = [order[(2 * i + 1) * len(order) // (2 * rounds)] for i in range(rounds)]
    times = {name: [] for name in sides}
    for batch in [picks[0], *picks]:
        for name, side in sides.items():
            # One warm-up step, because another side has filled the caches; then the median of the other steps.
            ms = side.run(work, [batch] * (4 if name == "ours" else 2))["ms"][1:]
            times[name].append(statistics.median(ms))
    found = {}
    for name in variants:
        ratios = [theirs / ours for ours, theirs in zip(times["ours"][1:], times[name][1:])]
        found[name] = {
            "ratio": statistics.median(ratios),
            "from": min(ratios),
            "to": max(ratios),
        }
    for name, side in sides.items():
        peak = side.run(work, [])["peak_mib"]
        found.setdefault(name, {}).update(peak=peak, rate=samples * rounds / sum(times[name][1:]) * 1e3)
        side.end()
    return found


def ask(*command):
    """Parses the last line that one of our programs prints, as JSON."""
    return json.loads(subprocess.check_output(command, text=True).splitlines()[-1])


def timed(*command):
    """The number of seconds that a command takes."""
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def first_line(*command):
    """The number of seconds until a command prints its first line."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        process.stdout.readline()
        seconds = time.perf_counter() - started
        process.stdout.read()
    return seconds


class Table:
    """A table whose rows are printed as soon as they are measured: the work, the target, the result."""

    def __init__(self):
        print("| work | target | measured | |\n|---|---|---|---|", flush=True)

    def row(self, work, wanted, found, is_met, note=""):
        judged = {True: "met", False: "not met", None: ""}[is_met]
        print(f"| {work} | {wanted} | {found}{note} | {judged} |", flush=True)


def versus_rows(table, data, rounds, threads):
    def row(work, wanted, found, variant):
        ours, theirs = found["ours"], found[variant]
        note = f" ({theirs['from']:.1f}–{theirs['to']:.1f}); {ours['rate']:,.0f} against {theirs['rate']:,.0f} samples/s"
        is_met = None if wanted is None else theirs["ratio"] >= wanted
        table.row(work, f"{wanted}×" if wanted else "–", f"{theirs['ratio']:.1f}×", is_met, note)

    found = compare(data, ESSAY, False, "train", ["plain", "same", "bf16"], rounds, threads)
    row("training, `essay`, against plain PyTorch", 30, found, "plain")
    row("… against PyTorch with the same algebra and fused AdamW", 4.5, found, "same")
    row("… the same with bf16 autocast", 4.5, found, "bf16")
    peaks = found["plain"]["peak"] / found["ours"]["peak"]
    note = f"; {found['ours']['peak']:,.0f} against {found['plain']['peak']:,.0f} MiB"
    table.row("peak memory in training, `essay`", "a tenth", f"1/{peaks:.1f}", peaks >= 10, note)
    found = compare(data, ESSAY, False, "infer", ["plain"], rounds, threads)
    row("inference, `essay`", 25, found, "plain")
    few = max(3, rounds // 2)
    for what, wanted, per_token, work in [
        ("training, 4 × 256d × 4 heads, classification", 5, False, "train"),
        ("training, 4 × 256d × 4 heads, token classification", 4, True, "train"),
        ("inference, 4 × 256d × 4 heads", 6, False, "infer"),
    ]:
        found = compare(data, MEDIUM, per_token, work, ["plain"], few, threads)
        row(what, wanted, found, "plain")
        found = compare(data, MEDIUM | {"precision": "bf16"}, per_token, work, ["plain", "bf16"], few, threads)
        row("… with `precision = \"bf16\"`", wanted, found, "plain")
        algebra = "" if per_token else " the same algebra and"
        row(f"… both with bf16: PyTorch with{algebra} autocast", None, found, "bf16")


def file_rows(table, folder):
    stall = ask(f"{BUILT}/versus", "stall", folder)["ratio"]
    table.row("an epoch from files against steps on batches in memory", 0.97, f"{stall:.3f}", stall >= 0.97)
    speed = ask(f"{BUILT}/versus-files", "index", folder)["gb_per_second"]
    table.row("index of a 1 GB sample file, page cache warm", "2 GB/s", f"{speed:.2f} GB/s", speed >= 2)
    found = ask(f"{BUILT}/versus-files", "store", folder)
    rate, ratio = found["samples_per_second"], found["ratio"]
    table.row("token store, 10 values a sample", "60,000 samples/s", f"{rate:,.0f} samples/s", rate >= 60_000)
    table.row("… against the `tokenizers` crate on all threads, same ids", "5×", f"{ratio:.1f}×", ratio >= 5)


def limit_rows():
    found = ask(f"{BUILT}/versus-limits")
    print(
        f"\nOf the {found['peak_gflops']:.0f} GFLOP/s that {found['threads']} threads reach in registers, a training step of "
        f"4 × 256d sustains {found['medium_gflops']:.0f}: {found['medium_share_of_peak']:.0%}; it takes "
        f"{found['medium_step_ms']:.0f} ms, and {found['medium_bf16_step_ms']:.0f} ms with `precision = \"bf16\"`. "
        f"Of the {found['bandwidth_gb_per_s']:.0f} GB/s that they read and write, the optimizer of `essay` uses "
        f"{found['essay_optimizer_share_of_bandwidth']:.0%}, in {found['essay_optimizer_ms']:.1f} ms a step.",
        flush=True,
    )


def program_rows(table, folder, million):
    program, run = f"{BUILT}/tabular-sense", f"{folder}/run"
    seconds = timed(program, "train", "--run", run)
    with open(f"{run}/test.json") as file:
        score = json.load(file)["score"]
    found = f"{seconds:.0f} s, score {score:.4f}"
    table.row("`train` with no arguments, to an exported model", "90 s, 0.98", found, seconds <= 90 and score >= 0.98)

    tables = ask(f"{BUILT}/versus-files", "tables", folder)
    predict = [program, "predict", "--json", "--draws", "1", "--model", f"{run}/export"]
    many = sorted(os.path.join(f"{folder}/many", name) for name in os.listdir(f"{folder}/many"))
    for what, files in [("one table of 20,000 columns", [f"{folder}/wide.csv"]), ("1,000 tables of 20", many)]:
        rate = statistics.median(tables["columns"] / timed(*predict, *files) for _ in range(5))
        table.row(f"`predict`, {what}", "20,000 columns/s", f"{rate:,.0f} columns/s", rate >= 20_000)
    first = statistics.median(first_line(*predict, f"{folder}/small.csv") for _ in range(9)) * 1e3
    table.row("first answer after start", "60 ms", f"{first:.0f} ms", first < 60)

    if not million:
        return
    # The run's log shows when training begins, and the score of each validation.
    run = f"{folder}/million"
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([program, "train", "--config", "million", "--run", run], **silent)
    started, prepared, reached, best = time.perf_counter(), None, None, 0.0
    while process.poll() is None:
        time.sleep(0.2)
        for event in events(run):
            prepared = prepared or (time.perf_counter() - started, peak_memory(process.pid))
            best = max(best, event.get("score", 0.0))
        if reached is None and best >= 0.995:
            reached = time.perf_counter() - started
    seconds, memory = prepared
    found = f"{seconds:.0f} s, {memory:,.0f} MiB"
    is_met = seconds <= 120 and memory < 1536
    table.row("960,000 samples: generate, tokenise, index", "2 min, 1.5 GB", found, is_met)
    found = f"{(reached or 0) / 60:.1f} min" if reached else f"best {best:.4f}"
    table.row("… to a validation score ≥ 0.995", "10 min", found, reached is not None and reached <= 600)


def events(run):
    """The records that a run has logged so far."""
    path = f"{run}/metrics.jsonl"
    if not os.path.exists(path):
        return []
    with open(path) as file:
        return [json.loads(line) for line in file if line.endswith("\n")]


def peak_memory(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="batches that are compared, from short to long")
    parser.add_argument("--only", choices=["versus", "files", "program", "limits"], help="one part of the table")
    parser.add_argument("--no-million", action="store_true", help="leave out the run on 960,000 samples")
    options = parser.parse_args()
    threads = len(os.sched_getaffinity(0))
    subprocess.run(["cargo", "build", "--release", "--locked", "--workspace"], check=True, cwd=ROOT)
    with tempfile.TemporaryDirectory() as folder:
        data = ask(f"{BUILT}/versus", "prepare", folder)
        data["lengths"] = [max(data["sizes"][i] for i in batch) for batch in data["batches"]]
        table = Table()
        if options.only in (None, "versus"):
            versus_rows(table, data, options.rounds, threads)
        if options.only in (None, "files"):
            file_rows(table, folder)
        if options.only in (None, "program"):
            program_rows(table, folder, not options.no_million)
        if options.only in (None, "limits"):
            limit_rows()


if __name__ == "__main__":
    main()
