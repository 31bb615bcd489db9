"""The progress of a training run as lines of text, in a terminal and in a notebook."""

from __future__ import annotations

from typing import Any


class Printer:
    """Prints a line for each piece of long work, each validation, and whatever the user should know."""

    def __init__(self) -> None:
        self._epochs = 0
        self._work = ""

    def __call__(self, event: dict[str, Any]) -> None:
        line = self._line(event)
        if line:
            print(line, flush=True)

    def _line(self, event: dict[str, Any]) -> str | None:
        kind = event["kind"]
        if kind == "progress":
            if event["work"] == self._work:
                return None
            self._work = event["work"]
            return f"{self._work} …"
        if kind == "run_start":
            self._epochs = event["epochs"]
            return f"{event['train_samples']:,} samples, {event['batches']:,} batches per epoch, {event['parameters']:,} parameters"
        if kind == "validation":
            return (
                f"epoch {event['epoch'] + 1}/{self._epochs}  step {event['step']:,}  train loss {event['train_loss']:.4f}  "
                f"validation loss {event['validation_loss']:.4f}  score {event['score']:.4f}"
            )
        if kind in ("notice", "incident", "save_failed"):
            return str(event["what"])
        if kind == "run_end":
            return f"{event['steps']:,} steps, {event['seconds']:.0f} s"
        return None
