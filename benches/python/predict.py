"""Times `Classifier.predict` on data frames, and the command line on the same table as CSV and, if the command line can read it, as
Parquet. Prints medians; each round runs every side once, so that the load on the machine affects all of them.

    python benches/python/predict.py [--columns 10000] [--rows 1000] [--rounds 3] [--command target/release/tabular-sense]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import polars
import pyarrow.parquet
from rounds import compare
from tables import table

import tabular_sense as ts

def import_milliseconds() -> float:
    """The time that importing the package takes, in milliseconds."""
    program = "import time; s = time.perf_counter(); import tabular_sense; print((time.perf_counter() - s) * 1e3)"
    return statistics.median(float(subprocess.check_output([sys.executable, "-c", program])) for _ in range(11))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--columns", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--command", default="target/release/tabular-sense")
    arguments = parser.parse_args()
    print(f"import: {import_milliseconds():.1f} ms")
    arrow = table(arguments.columns, arguments.rows)
    classifier = ts.Classifier()
    with tempfile.TemporaryDirectory() as folder:
        csv, parquet = Path(folder) / "table.csv", Path(folder) / "table.parquet"
        polars.from_arrow(arrow).write_csv(csv)
        pyarrow.parquet.write_table(arrow, parquet)

        def command(path: Path):
            return lambda: subprocess.run(
                [arguments.command, "predict", "--json", str(path)], check=True, capture_output=True
            )

        sides = {
            "command line, CSV": command(csv),
            "command line, Parquet": command(parquet),
            "predict(path), CSV": lambda: classifier.predict(csv),
            "predict, pandas": lambda frame=arrow.to_pandas(): classifier.predict(frame),
            "predict, Polars": lambda frame=polars.from_arrow(arrow): classifier.predict(frame),
            "predict, PyArrow": lambda: classifier.predict(arrow),
        }
        if subprocess.run([arguments.command, "predict", "--json", parquet], capture_output=True).returncode != 0:
            del sides["command line, Parquet"]
        compare(sides, arguments.rounds, arguments.columns)


if __name__ == "__main__":
    main()
