"""What the modules for Spark and Ray share: classifiers that a worker loads once, and answers as Arrow tables."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow

from ._classifier import Classifier
from ._errors import TableError
from ._results import Prediction

_STRINGS = pyarrow.list_(pyarrow.string())

#: One row for each column of a table; one with ``error`` for a table that cannot be read.
SCHEMA = pyarrow.schema(
    [
        ("table", pyarrow.string()),
        ("column", pyarrow.int64()),
        ("name", pyarrow.string()),
        ("type", pyarrow.string()),
        ("probability", pyarrow.float64()),
        ("types", _STRINGS),
        ("probabilities", pyarrow.list_(pyarrow.float64())),
        ("sensitivity", pyarrow.string()),
        ("from_name_only", pyarrow.bool_()),
        ("examples", _STRINGS),
        ("error", pyarrow.string()),
    ]
)


@lru_cache(maxsize=4)
def _classifier(model: str | None, types: str | None) -> Classifier:
    """The worker's classifier: it is loaded once and serves all tasks."""
    return Classifier(model, types=types)


class Settings(NamedTuple):
    """What a worker needs to know to answer."""

    model: str | None
    types: str | None
    options: dict[str, Any]

    def checked(self) -> Settings:
        """Returns the settings unchanged if the model, the types and the options are valid. If not, the error is raised here, and not
        in every task."""
        _classifier(self.model, self.types).predict({"": []}, **self.options)
        return self

    def predict(self, table: Any) -> Prediction:
        """The types of the columns of a table."""
        return _classifier(self.model, self.types).predict(table, **self.options)

    def file_answers(self, path: str) -> pyarrow.Table:
        """The answers for the tables in a file; where it cannot be read, one row that says why."""
        try:
            tables = _classifier(self.model, self.types).predict_all(path, **self.options)
        except (TableError, OSError) as error:
            return problem(path, str(error))
        found = [answers(f"{path} / {name}" if name else path, table) for name, table in tables.items()]
        return pyarrow.concat_tables([SCHEMA.empty_table(), *found])


def answers(table: str, prediction: Prediction, first: int = 0) -> pyarrow.Table:
    """The answers of a table as rows; its columns are counted from ``first``."""
    rows = prediction._table()
    rows["column"] = [first + number for number in rows["column"]]
    rows["table"] = [table] * len(prediction)
    rows["error"] = [None] * len(prediction)
    return pyarrow.Table.from_pydict(rows, schema=SCHEMA)


def problem(table: str, message: str) -> pyarrow.Table:
    """The row for a table that cannot be read."""
    row = {name: [None] for name in SCHEMA.names}
    return pyarrow.Table.from_pydict({**row, "table": [table], "error": [message]}, schema=SCHEMA)
