"""A wide table for the benchmarks in this folder."""

from __future__ import annotations

import numpy
import pyarrow

NAMES = ["nl", "amount", "id", "score", "tel", "email", "city", "status", "order_no", "col"]


def table(columns: int, rows: int) -> pyarrow.Table:
    """A table with typical columns: of every ten, four contain integers, two floats, and four strings."""
    random = numpy.random.default_rng(7)
    made = {}
    for at in range(columns):
        kind = at % 10
        if kind < 4:
            values = pyarrow.array(random.integers(0, 10 ** (2 + kind), rows))
        elif kind < 6:
            values = pyarrow.array(numpy.round(random.normal(100, 20, rows), 2))
        elif kind == 6:
            values = pyarrow.array([f"1{number}" for number in random.integers(3 * 10**9, 10**10, rows)])
        elif kind == 7:
            values = pyarrow.array([f"user{number}@example.com" for number in random.integers(0, 10**6, rows)])
        elif kind == 8:
            values = pyarrow.array(random.choice(["北京", "上海", "广州", "Paris", "Berlin"], rows).tolist())
        else:
            values = pyarrow.array(random.choice(["paid", "open", "shipped", "cancelled"], rows).tolist())
        made[f"{NAMES[kind]}_{at}"] = values
    return pyarrow.table(made)
