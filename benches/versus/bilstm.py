"""Compares a user-defined model in Drivetrain and in PyTorch, with the same ids, sizes and optimizer: accuracy over several seeds.

Needs `pip install torch`, and `cargo build --release -p drivetrain-benches`. Each side shuffles the samples and initialises
the weights itself.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

import torch
import torch.nn.functional as F
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = f"{os.path.dirname(os.path.dirname(HERE))}/target/release/versus-bilstm"
WIDTH, BATCH, EPOCHS = 32, 64, 8


class Classifier(nn.Module):
    """The model of `bilstm.rs`."""

    def __init__(self, vocab, n_classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab, WIDTH)
        nn.init.normal_(self.embedding.weight, std=WIDTH**-0.5)
        self.lstm = nn.LSTM(WIDTH, WIDTH, bidirectional=True, batch_first=True)
        self.norm = nn.BatchNorm1d(2 * WIDTH)
        self.head = nn.Linear(2 * WIDTH, n_classes)

    def forward(self, ids, real):
        x, _ = self.lstm(self.embedding(ids))
        mean = (x * real[:, :, None]).sum(1) / real.sum(1, keepdim=True)
        return self.head(F.dropout(self.norm(mean), 0.1, self.training))


def collate(rows):
    length = max(len(row["ids"]) for row in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    real = torch.zeros(len(rows), length)
    for at, row in enumerate(rows):
        ids[at, : len(row["ids"])] = torch.tensor(row["ids"])
        real[at, : len(row["ids"])] = 1.0
    return ids, real, torch.tensor([row["class"] for row in rows])


def pytorch(path, seed):
    torch.manual_seed(seed)
    # A model as small as this is slower with more threads.
    torch.set_num_threads(1)
    with open(path) as file:
        data = json.load(file)
    model = Classifier(data["vocab"], data["n_classes"])
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.01)
    started = time.perf_counter()
    for _ in range(EPOCHS):
        model.train()
        order = torch.randperm(len(data["train"])).tolist()
        for at in range(0, len(order), BATCH):
            ids, real, classes = collate([data["train"][i] for i in order[at : at + BATCH]])
            optimizer.zero_grad()
            F.cross_entropy(model(ids, real), classes).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        accuracy, loss = evaluate(model, data["test"])
    return {"accuracy": accuracy, "loss": loss, "seconds": time.perf_counter() - started}


@torch.no_grad()
def evaluate(model, rows):
    model.eval()
    hits, loss = 0, 0.0
    for at in range(0, len(rows), BATCH):
        ids, real, classes = collate(rows[at : at + BATCH])
        logits = model(ids, real)
        hits += (logits.argmax(1) == classes).sum().item()
        loss += F.cross_entropy(logits, classes, reduction="sum").item()
    return hits / len(rows), loss / len(rows)


def drivetrain(path, seed):
    return json.loads(subprocess.check_output([PROGRAM, "train", path, str(seed)], text=True))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    seeds = range(1, parser.parse_args().seeds + 1)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/columns.json"
        subprocess.run([PROGRAM, "prepare", path], check=True)
        print("| side | accuracy of each seed | mean | spread | mean loss | seconds |\n|---|---|---|---|---|---|")
        for name, side in [("Drivetrain", drivetrain), ("PyTorch", pytorch)]:
            found = [side(path, seed) for seed in seeds]
            accuracies = [run["accuracy"] for run in found]
            mean = {key: statistics.mean(run[key] for run in found) for key in ["accuracy", "loss", "seconds"]}
            each = ", ".join(f"{accuracy:.4f}" for accuracy in accuracies)
            spread = max(accuracies) - min(accuracies)
            print(f"| {name} | {each} | {mean['accuracy']:.4f} | {spread:.4f} | {mean['loss']:.4f} | {mean['seconds']:.0f} |")


if __name__ == "__main__":
    main()
