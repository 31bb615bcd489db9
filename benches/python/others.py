"""Times csv-detective, DataProfiler and the command line on the same CSV file. Prints medians; each round runs every side once.

    pip install csv-detective DataProfiler polars && pip install 'pyarrow<22'
    python benches/python/others.py [--columns 100] [--rows 1000] [--rounds 3] [--command target/release/tabular-sense]

The older pyarrow is one that runs with the NumPy that DataProfiler 0.13 asks for.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import dataprofiler
import polars
from csv_detective import routine
from tables import table


def detect(path: Path) -> None:
    """The types that csv-detective finds."""
    routine(file_path=str(path), num_rows=-1, output_profile=False, save_results=False)


def profile(path: Path) -> None:
    """What DataProfiler finds without its neural labeler, which needs TensorFlow: types and statistics."""
    options = dataprofiler.ProfilerOptions()
    options.set({"data_labeler.is_enabled": False})
    dataprofiler.Profiler(dataprofiler.Data(str(path)), options=options).report()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--columns", type=int, default=100)
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--command", default="target/release/tabular-sense")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        polars.from_arrow(table(arguments.columns, arguments.rows)).write_csv(path)
        command = [arguments.command, "predict", "--json", str(path)]
        sides = {
            "command line, start included": lambda: subprocess.run(command, check=True, capture_output=True),
            "csv-detective": lambda: detect(path),
            "DataProfiler": lambda: profile(path),
        }
        times = {side: [] for side in sides}
        for _ in range(arguments.rounds):
            for side, work in sides.items():
                start = time.perf_counter()
                work()
                times[side].append(time.perf_counter() - start)
    for side, all_of_them in times.items():
        median = statistics.median(all_of_them)
        spread = f"{min(all_of_them):.2f}–{max(all_of_them):.2f}"
        print(f"{side:<30} {median:8.2f} s ({spread})  {arguments.columns / median:,.1f} columns/s")


if __name__ == "__main__":
    main()
