"""The types of the columns of tables."""

from __future__ import annotations

import os
from typing import Any, Sequence, Union

from . import _native
from ._errors import TableError, UnsupportedTableError
from ._inputs import parts_of
from ._results import Prediction, prediction

#: A path.
Path = Union[str, "os.PathLike[str]"]

#: The maximum number of rows that are read from a table: a uniform sample.
MAX_ROWS = 10_000


class Classifier:
    """A trained model that finds out what the columns of a table mean.

    ``Classifier()`` is the model that comes with the package, ``Classifier("runs/mine/export")`` one of your own. ``types`` is a file
    of custom types that are defined by rules. A classifier never changes: threads may share it, and it can be pickled.

    >>> import tabular_sense as ts
    >>> classifier = ts.Classifier()
    >>> classifier.predict({"nl": [27, 31, 45], "tel": ["13824719365", "15901837462", "18673920184"]}).types
    {'nl': ['age', 'int'], 'tel': ['phone']}

    Raises :class:`ModelError` if the folder holds no model that can be used, :class:`RulesError` if the custom types are wrong.
    """

    def __init__(self, model: Path | None = None, *, types: Path | None = None) -> None:
        self._model = None if model is None else os.fspath(model)
        self._types = None if types is None else os.fspath(types)
        self._native = _native.Classifier(self._model, self._types)

    def __reduce__(self) -> tuple[Any, ...]:
        return _reopen, (self._model, self._types)

    def __repr__(self) -> str:
        arguments = [repr(self._model)] if self._model is not None else []
        arguments += [f"types={self._types!r}"] if self._types is not None else []
        return f"Classifier({', '.join(arguments)})"

    def predict(
        self,
        table: Any,
        *,
        explain: bool = False,
        threshold: float | None = None,
        top_k: int | None = None,
        draws: int | None = None,
        max_rows: int | None = None,
        part: str | None = None,
        header: bool | None = None,
        delimiter: str | None = None,
        encoding: str | None = None,
        skip_rows: int = 0,
        comment: str | None = None,
        time_limit: float | None = None,
    ) -> Prediction:
        """Finds the types of each column of ``table``.

        ``table`` is a pandas, Polars or PyArrow table, a DuckDB relation, a NumPy structured array, a dict of lists, a list of records,
        anything that has ``__arrow_c_stream__``, or the path or the address of a file that the command line reads: ``s3://…``,
        ``https://…`` and ``postgres://…`` need a package that was built with the feature ``full``.

        - ``explain``: give the reasons for each type, and the types that were withheld.
        - ``threshold``: give all types with at least this probability (above 0 and below 1), instead of the model's own thresholds.
        - ``top_k``: give at most this many types; without ``threshold`` even improbable ones.
        - ``draws``: average over this many samples of a column's values; more samples give steadier answers, but take longer
          [the model's setting, usually 5].
        - ``max_rows``: read at most this many rows of a data frame, a uniform sample [10,000]. For a file, the command line's
          limits apply.
        - ``part``: the name of the table, if a file holds several: a sheet, a table of a database, a member of an archive. See also
          :meth:`predict_all`.
        - ``header``, ``delimiter``, ``encoding``, ``skip_rows``, ``comment``: how a text file is read; what is not given is detected.
        - ``time_limit``: how many seconds a statement in a database, or a request to a server, may take [30].

        Ctrl-C interrupts it. Other threads can run in the meantime. Raises :class:`TableError` if a table or a column cannot be read,
        ``ValueError`` if an argument is out of range or is not for this kind of table.

        >>> import tabular_sense as ts
        >>> ages = ts.Classifier().predict([{"nl": 27}, {"nl": 31}, {"nl": 45}], explain=True)["nl"]
        >>> ages.types[0].reasons.name_match
        '年龄'
        """
        options = (_probability(threshold), _count("top_k", top_k), _count("draws", draws), bool(explain))
        if skip_rows < 0:
            raise ValueError(f"skip_rows = {skip_rows}: expected 0 or more")
        given: dict[str, Any] = {"header": header, "delimiter": delimiter, "encoding": encoding, "comment": comment, "time_limit": _seconds(time_limit)}
        if isinstance(table, (str, os.PathLike)):
            _only_for("data frames", max_rows=max_rows)
            path = _path(table)
            # In a database, the other tables need not be read.
            reading = {**given, "skip_rows": skip_rows, "tables": [part] if part is not None and "://" in path else []}
            return _only(path, part, self._native.predict_file(path, part, reading, options, False)[0])
        _only_for("files", part=part, skip_rows=skip_rows or None, **given)
        max_rows = _count("max_rows", max_rows) or MAX_ROWS
        parts, count = parts_of(table, max_rows)
        rows, found = self._native.predict(parts, max_rows, options)
        return prediction(rows, found if count is None else count)

    def predict_all(
        self,
        path: Path,
        *,
        explain: bool = False,
        threshold: float | None = None,
        top_k: int | None = None,
        draws: int | None = None,
        tables: str | Sequence[str] | None = None,
        time_limit: float | None = None,
        on_error: str = "raise",
    ) -> dict[str, Prediction]:
        """Finds the types of the columns of every table in a file or a database: sheets of a workbook, tables and views, members of an
        archive. Returns the predictions by the name of the table, which is empty if the whole file is the table.

        - ``explain``, ``threshold``, ``top_k``, ``draws``: as in :meth:`predict`.
        - ``tables``: which tables of a database are read: patterns such as ``"shop.order_*"`` [all].
        - ``time_limit``: how many seconds a statement in a database, or a request to a server, may take [30].
        - ``on_error``: ``"raise"`` raises :class:`TableError` if a table cannot be read; ``"warn"`` skips it with a warning.

        >>> import pathlib, tempfile, tabular_sense as ts
        >>> file = pathlib.Path(tempfile.mkdtemp()) / "people.csv"
        >>> _ = file.write_text("nl,tel\\n27,13824719365\\n31,15901837462\\n45,18673920184\\n")
        >>> {name: found.types for name, found in ts.Classifier().predict_all(file).items()}
        {'': {'nl': ['age', 'int'], 'tel': ['phone']}}
        """
        options = (_probability(threshold), _count("top_k", top_k), _count("draws", draws), bool(explain))
        if on_error not in ("raise", "warn"):
            raise ValueError(f"on_error = {on_error!r}: expected \"raise\" or \"warn\"")
        patterns = [tables] if isinstance(tables, str) else list(tables or ())
        reading: dict[str, Any] = {name: None for name in ("header", "delimiter", "encoding", "comment")}
        reading.update(skip_rows=0, tables=patterns, time_limit=_seconds(time_limit))
        found, unreadable = self._native.predict_file(_path(path), None, reading, options, on_error == "warn")
        for message, hint in unreadable:
            _warn(TableError(message, hint))
        return {name: prediction(rows, count, remarks) for name, rows, count, remarks in found}


def _only(path: Path, part: str | None, tables: list[tuple[str, list[Any], int, list[str]]]) -> Prediction:
    if len(tables) == 1:
        _, rows, count, remarks = tables[0]
        return prediction(rows, count, remarks)
    if not tables:
        raise TableError(f"{os.fspath(path)} has no table `{part}`", "predict_all() gives all of them by their names")
    names = ", ".join(f"`{name}`" for name, *_ in tables)
    raise TableError(f"{os.fspath(path)} holds {len(tables)} tables: {names}", "name one with part=…, or call predict_all()")


def _only_for(tables: str, **arguments: Any) -> None:
    """Refuses arguments that would be ignored."""
    given = [name for name, value in arguments.items() if value is not None]
    if given:
        raise ValueError(f"{given[0]} = {arguments[given[0]]!r}: this argument is for {tables} only")


def _reopen(model: str | None, types: str | None) -> Classifier:
    return Classifier(model, types=types)


def _path(path: Path) -> str:
    """A path or an address as a string."""
    try:
        text = os.fspath(path)
    except TypeError as error:
        raise UnsupportedTableError(f"{type(path).__name__} is not the path of a file", "call predict() for a data frame") from error
    scheme, colon, rest = text.partition(":/")
    if colon and not isinstance(path, str) and scheme.isalnum() and len(scheme) > 1 and not rest.startswith("/"):
        raise TableError(f"{text} is an address, from which a path has taken a slash", "give addresses as texts")
    return text


def _warn(error: TableError) -> None:
    import warnings

    warnings.warn(str(error), stacklevel=3)


def _seconds(time_limit: float | None) -> float | None:
    if time_limit is not None and not (isinstance(time_limit, (int, float)) and 0 < time_limit <= 86_400):
        raise ValueError(f"time_limit = {time_limit!r}: expected a number of seconds above 0, at most a day")
    return None if time_limit is None else float(time_limit)


def _probability(threshold: float | None) -> float | None:
    if threshold is not None and not (isinstance(threshold, (int, float)) and 0 < threshold < 1):
        raise ValueError(f"threshold = {threshold!r}: expected a number above 0 and below 1")
    return threshold


def _count(name: str, count: int | None) -> int | None:
    if count is not None and not (isinstance(count, int) and count >= 1):
        raise ValueError(f"{name} = {count!r}: expected a whole number, 1 or more")
    return count
