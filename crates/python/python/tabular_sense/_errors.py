"""The exceptions of the package."""

from __future__ import annotations

from ._terms import in_python


class TabularSenseError(Exception):
    """The base class of the exceptions of this package. The message is that of the command line; ``hint`` says what to do, if there is
    more to say. ``str()`` of the exception ends with the hint.

    >>> import tabular_sense as ts
    >>> try:
    ...     ts.Classifier("no-such-folder")
    ... except ts.TabularSenseError as error:
    ...     print(type(error).__name__)
    ModelError
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        message, hint = in_python(message), None if hint is None else in_python(hint)
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\nhint: {self.hint}"


class TableError(TabularSenseError, ValueError):
    """A table, or a column of it, cannot be read."""


class UnsupportedTableError(TableError, TypeError):
    """An object is not a table that this package can read."""


class ModelError(TabularSenseError, ValueError):
    """An exported model cannot be used."""


class RulesError(TabularSenseError, ValueError):
    """A file of custom types is invalid."""


class ConfigError(TabularSenseError, ValueError):
    """The configuration of a run cannot be used."""


class SamplesError(TabularSenseError, ValueError):
    """Samples or labelled columns are missing, or cannot be read."""


class RunError(TabularSenseError):
    """A run's folder is missing, in use, changed, or cannot be read or written."""


class TrainError(TabularSenseError):
    """Training failed."""
