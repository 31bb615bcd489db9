"""Times csv-detective, DataProfiler, DuckDB and `tabular-sense` on the same CSV file. Prints medians; each round runs every side
once.

    pip install csv-detective DataProfiler duckdb polars && pip install 'pyarrow<22'
    python benches/python/others.py [--columns 100] [--rows 1000] [--rounds 3] [--command target/release/tabular-sense]

The older version of pyarrow works with the NumPy version that DataProfiler 0.13 requires.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import tempfile
from pathlib import Path

import dataprofiler
import duckdb
import polars
from csv_detective import routine
from rounds import compare
from tables import table


def detect(path: Path) -> None:
    """The types that csv-detective finds."""
    routine(file_path=str(path), num_rows=-1, output_profile=False, save_results=False)


def profile(path: Path) -> None:
    """What DataProfiler finds without its neural labeler, which needs TensorFlow: types and statistics."""
    options = dataprofiler.ProfilerOptions()
    options.set({"data_labeler.is_enabled": False})
    dataprofiler.Profiler(dataprofiler.Data(str(path)), options=options).report()


def sniff(path: Path) -> None:
    """The delimiter, the header and the storage types that DuckDB finds in a sample of the rows."""
    duckdb.execute("FROM sniff_csv(?)", [str(path)]).fetchall()


def summarize(path: Path) -> None:
    """The storage types and statistics that DuckDB finds in all rows."""
    duckdb.execute(f"SUMMARIZE FROM read_csv('{path}')").fetchall()


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
            "DuckDB sniff_csv": lambda: sniff(path),
            "DuckDB SUMMARIZE": lambda: summarize(path),
        }
        compare(sides, arguments.rounds, arguments.columns)


if __name__ == "__main__":
    main()
