"""Data frames as parts that the native module reads: columns of an Arrow stream, or lists of Python values.

No library is imported here that the caller has not imported, except pyarrow, which converts pandas columns to Arrow.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Iterable, Optional, Sequence, Tuple

from . import _native
from ._errors import TableError, UnsupportedTableError

#: The positions of the columns in the table, their names (both ``None``: those of the stream), and what holds them.
Part = Tuple[Optional[Sequence[int]], Optional[Sequence[str]], Any]

_TAKEN = (
    "a pandas, Polars or PyArrow table, a DuckDB relation, a NumPy structured array, a dict of lists, a list of records, "
    "anything with `__arrow_c_stream__`, or the path or address of a file"
)


def parts_of(table: Any, max_rows: int) -> tuple[list[Part], int | None]:
    """The parts of a table, and how many rows it has, if that is known here."""
    kind = _kind(table)
    if kind is not None:
        return _READERS[kind](table, max_rows)
    if hasattr(table, "__arrow_c_stream__"):
        return [(None, None, table)], None
    if isinstance(table, Mapping):
        return _mapping(table, max_rows)
    if isinstance(table, (list, tuple)):
        return _records(table, max_rows)
    raise UnsupportedTableError(f"{_type_name(table)} is not a table that can be read: expected {_TAKEN}")


def _kind(table: Any) -> str | None:
    """Which library's table it is, found without importing the library."""
    for parent in type(table).__mro__:
        kind = f"{parent.__module__.partition('.')[0]}.{parent.__name__}"
        if kind in _READERS:
            return kind
    return None


def _type_name(value: Any) -> str:
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def column_name(name: Any) -> str:
    """A column's name as a string: the levels of a multi-level name are joined, and a missing name becomes an empty string."""
    if isinstance(name, str):
        # Half of a surrogate pair is not a character.
        return name if name.isascii() else name.encode("utf-8", "replace").decode("utf-8")
    if name is None or name != name:
        return ""
    if isinstance(name, tuple):
        return " ".join(part for part in map(column_name, name) if part)
    return str(name)


def _sampled(length: int, width: int, max_rows: int) -> list[int] | None:
    """The rows to read, or ``None`` for all of them."""
    rows = _native.sample_rows(length, width, max_rows)
    return None if len(rows) == length else rows


# pandas


def _pandas_frame(frame: Any, max_rows: int) -> tuple[list[Part], int]:
    count, width = frame.shape
    rows = _sampled(count, width, max_rows)
    if rows is not None:
        frame = frame.iloc[rows]
    names = [column_name(name) for name in frame.columns]
    arrow = [at for at, dtype in enumerate(frame.dtypes) if _is_arrow(dtype)]
    table = _arrow_table(frame, arrow)
    parts: list[Part] = []
    if table is None:
        arrow = []
    else:
        parts.append((arrow, [names[at] for at in arrow], table))
    others = sorted(set(range(width)) - set(arrow))
    if others:
        values = [_series_values(frame.iloc[:, at], names[at]) for at in others]
        parts.append((others, [names[at] for at in others], values))
    return parts, count


def _is_arrow(dtype: Any) -> bool:
    """Whether the values of a pandas type stay the same when they are converted to Arrow. Columns of Python objects may hold anything,
    and periods would become numbers."""
    name = str(dtype)
    return name != "object" and not name.startswith(("period", "interval", "Sparse", "complex", "geometry"))


def _arrow_table(frame: Any, positions: list[int]) -> Any:
    """Some columns of a pandas frame as an Arrow table; ``None`` if pyarrow is missing or cannot hold them."""
    if not positions:
        return None
    try:
        import pyarrow
    except ImportError:
        return None
    # Names and index may be of any type, and names may occur twice.
    part = frame.iloc[:, positions] if len(positions) < frame.shape[1] else frame.copy(deep=False)
    part.columns = [str(at) for at in positions]
    part.index = range(len(part))
    try:
        return pyarrow.Table.from_pandas(part, preserve_index=False)
    except (pyarrow.ArrowException, TypeError, ValueError, OverflowError):
        return None


def _series_values(series: Any, name: str) -> list[Any]:
    try:
        return series.tolist()
    except Exception as error:
        raise TableError(f"column `{name}`: its values cannot be read: {error}") from error


def _pandas_series(series: Any, max_rows: int) -> tuple[list[Part], int]:
    return _pandas_frame(series.to_frame(series.name), max_rows)


# Polars


def _polars_frame(frame: Any, max_rows: int) -> tuple[list[Part], int]:
    names = frame.columns
    others = [at for at, dtype in enumerate(frame.dtypes) if _is_value_by_value(dtype)]
    if not others:
        return [(list(range(len(names))), names, frame)], frame.height
    arrow = [at for at in range(len(names)) if at not in set(others)]
    parts: list[Part] = []
    if arrow:
        parts.append((arrow, [names[at] for at in arrow], frame.select([names[at] for at in arrow])))
    rows = _sampled(frame.height, len(names), max_rows)
    values = [frame.to_series(at).to_list() for at in others]
    parts.append((others, [names[at] for at in others], [_at(column, rows) for column in values]))
    return parts, frame.height


def _is_value_by_value(dtype: Any) -> bool:
    """Whether a column is read without Arrow: Arrow has neither Python objects nor 128-bit integers, and Polars exports null columns
    with a buffer that Arrow does not allow; the same holds for lists and structs of these."""
    text = str(dtype)
    return any(name in text for name in ("Object", "Null", "Int128"))


def _polars_series(series: Any, max_rows: int) -> tuple[list[Part], int]:
    return _polars_frame(series.to_frame(), max_rows)


def _polars_lazy(table: Any, max_rows: int) -> tuple[list[Part], int]:
    raise UnsupportedTableError("a LazyFrame holds no rows yet", "call .collect(), or .head(10_000).collect() to read less")


# PyArrow


def _arrow_batch(batch: Any, max_rows: int) -> tuple[list[Part], int]:
    pyarrow = sys.modules["pyarrow"]
    return [(None, None, pyarrow.Table.from_batches([batch]))], batch.num_rows


# DuckDB


def _duckdb_relation(relation: Any, max_rows: int) -> tuple[list[Part], None]:
    if not hasattr(relation, "__arrow_c_stream__"):
        relation = relation.fetch_arrow_reader()
    return [(None, None, relation)], None


# NumPy


def _numpy_array(array: Any, max_rows: int) -> tuple[list[Part], int]:
    if array.dtype.names is not None:
        array = array.reshape(-1)
        columns = [(name, array[name]) for name in array.dtype.names]
    elif array.ndim == 2:
        columns = [("", array[:, at]) for at in range(array.shape[1])]
    elif array.ndim == 1:
        columns = [("", array)]
    else:
        found = f"an array of {array.ndim} dimensions"
        raise UnsupportedTableError(f"{found} is not a table: expected a structured array, or one of 1 or 2 dimensions")
    rows = _sampled(len(array), len(columns), max_rows)
    values = [_numpy_values(column if rows is None else column[rows]) for _, column in columns]
    return [(list(range(len(columns))), [name for name, _ in columns], values)], len(array)


def _numpy_values(column: Any) -> list[Any]:
    # Python has no times with nanoseconds: NumPy would return them as numbers.
    if column.dtype.kind in "mM" and column.dtype.str[4:-1] in ("ns", "ps", "fs", "as"):
        column = column.astype(column.dtype.str[:3] + "[us]")
    return column.tolist()


# Python


def _mapping(table: Mapping[Any, Any], max_rows: int) -> tuple[list[Part], int]:
    names = [column_name(name) for name in table]
    count = 0
    columns = []
    for name, values in zip(names, table.values()):
        length, sampled = _sampled_values(values, name, len(names), max_rows)
        count = max(count, length)
        columns.append(sampled)
    return [(list(range(len(names))), names, columns)], count


def _sampled_values(values: Any, name: str, width: int, max_rows: int) -> tuple[int, list[Any]]:
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise TableError(f"column `{name}`: expected a list of values, found {_type_name(values)}")
    for method in ("to_pylist", "tolist", "to_list"):
        if hasattr(values, method):
            values = getattr(values, method)()
            break
    if not isinstance(values, list):
        try:
            values = list(values)
        except TypeError as error:
            raise TableError(f"column `{name}`: expected a list of values: {error}") from error
    return len(values), _at(values, _sampled(len(values), width, max_rows))


def _at(values: list[Any], rows: list[int] | None) -> list[Any]:
    return values if rows is None else [values[row] for row in rows]


def _records(records: Sequence[Any], max_rows: int) -> tuple[list[Part], int]:
    for at, record in enumerate(records):
        if not isinstance(record, Mapping):
            found = f"record {at + 1} of the list is of type {_type_name(record)}"
            raise UnsupportedTableError(f"{found}: expected a dict", "give a dict of lists for columns")
    sampled = _at(list(records), _sampled(len(records), max(map(len, records), default=1), max_rows))
    keys = list(dict.fromkeys(key for record in sampled for key in record))
    columns = [[record.get(key) for record in sampled] for key in keys]
    return [(list(range(len(keys))), [column_name(key) for key in keys], columns)], len(records)


# Tables that are distributed over many machines


def _spark_frame(table: Any, max_rows: int) -> tuple[list[Part], int]:
    raise UnsupportedTableError("a Spark DataFrame is read where it lies", "call tabular_sense.spark.annotate(df)")


def _ray_dataset(table: Any, max_rows: int) -> tuple[list[Part], int]:
    raise UnsupportedTableError("a Ray dataset is read where it lies", "call tabular_sense.ray.annotate(dataset)")


_READERS = {
    "pandas.DataFrame": _pandas_frame,
    "pandas.Series": _pandas_series,
    "polars.DataFrame": _polars_frame,
    "polars.Series": _polars_series,
    "polars.LazyFrame": _polars_lazy,
    "pyarrow.RecordBatch": _arrow_batch,
    "duckdb.DuckDBPyRelation": _duckdb_relation,
    "_duckdb.DuckDBPyRelation": _duckdb_relation,
    "numpy.ndarray": _numpy_array,
    "pyspark.DataFrame": _spark_frame,
    "ray.Dataset": _ray_dataset,
}
