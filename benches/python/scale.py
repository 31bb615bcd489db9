"""Times Spark and Ray with 1 and 2 workers on many small tables in files.

    python benches/python/scale.py spark|ray [--columns 100000] [--workers 2]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

# One thread per worker, as on a cluster where each task has one core.
os.environ["RAYON_NUM_THREADS"] = "1"

COLUMNS = 50
ROWS = 20


def write_tables(folder: str, count: int) -> list[str]:
    """Writes CSV files with 50 columns and 20 rows, and returns their paths."""
    paths = []
    for number in range(count):
        lines = [",".join(f"{name}_{at}" for at in range(10) for name in ("nl", "tel", "email", "amount", "x"))]
        for row in range(ROWS):
            seed = number * ROWS + row
            cells = (seed % 90, 13_800_000_000 + seed * 7919 % 10**8, f"u{seed}@example.com", seed * 31 % 10_000 / 100, seed)
            lines.append(",".join(map(str, cells * 10)))
        path = Path(folder) / f"{number}.csv"
        path.write_text("\n".join(lines) + "\n")
        paths.append(str(path))
    return paths


def spark_seconds(paths: list[str], workers: int) -> float:
    from pyspark.sql import SparkSession

    from tabular_sense import spark as sense

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local[{workers}]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    try:
        # The workers start and load the model before the time is measured.
        sense.annotate_files(session, paths[: 4 * workers]).count()
        start = time.perf_counter()
        answers = sense.annotate_files(session, paths).count()
        taken = time.perf_counter() - start
        assert answers == len(paths) * COLUMNS, answers
    finally:
        session.stop()
    return taken


def ray_seconds(paths: list[str], workers: int) -> float:
    import ray

    from tabular_sense import ray as sense

    environment = {"env_vars": {"RAYON_NUM_THREADS": "1"}}
    ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False, runtime_env=environment)
    ray.data.DataContext.get_current().enable_progress_bars = False
    try:
        sense.annotate_files(paths[: 4 * workers], workers=workers, files_per_task=1).count()
        start = time.perf_counter()
        # Ray starts new actors for each dataset, so their start-up is included in the time.
        answers = sense.annotate_files(paths, workers=workers).count()
        taken = time.perf_counter() - start
        assert answers == len(paths) * COLUMNS, answers
    finally:
        ray.shutdown()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=["spark", "ray"])
    parser.add_argument("--columns", type=int, default=100_000)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    arguments = parser.parse_args()
    run = {"spark": spark_seconds, "ray": ray_seconds}[arguments.engine]
    with tempfile.TemporaryDirectory() as folder:
        paths = write_tables(folder, arguments.columns // COLUMNS)
        for workers in arguments.workers:
            taken = run(paths, workers)
            print(
                f"{arguments.engine}, {workers} workers: {arguments.columns:,} columns in {taken:.1f} s, "
                f"{arguments.columns / taken:,.0f} columns/s, {arguments.columns / taken / workers:,.0f} per core",
                flush=True,
            )


if __name__ == "__main__":
    main()
