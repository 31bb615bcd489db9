"""Times several sides of a comparison in turns, so that the load on the machine affects all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any


def compare(sides: Mapping[str, Callable[[], Any]], rounds: int, columns: int) -> None:
    """Runs every side once per round, and prints the median, the shortest and the longest time of each."""
    times: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side, work in sides.items():
            start = time.perf_counter()
            work()
            times[side].append(time.perf_counter() - start)
    for side, seconds in times.items():
        median = statistics.median(seconds)
        spread = f"{min(seconds):.2f}–{max(seconds):.2f}"
        print(f"{side:<30} {median:8.2f} s ({spread})  {columns / median:,.0f} columns/s")
