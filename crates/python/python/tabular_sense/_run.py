"""The folder of a training run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _native
from ._classifier import Classifier
from ._errors import RunError

if TYPE_CHECKING:
    import pandas


class Run:
    """The folder of a training run: its metrics, its report and its model.

    >>> import tabular_sense as ts
    >>> try:
    ...     ts.Run("no-such-run")
    ... except ts.RunError as error:
    ...     print(error.message)
    no-such-run is not a run: it has no config.toml
    """

    #: The folder.
    path: Path

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        if not (self.path / "config.toml").is_file():
            hint = "tabular_sense.train(run=FOLDER) starts one"
            raise RunError(f"{self.path} is not a run: it has no config.toml", hint)

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r})"

    @property
    def config(self) -> str:
        """The configuration, as TOML."""
        return (self.path / "config.toml").read_text("utf-8")

    @property
    def model(self) -> Path | None:
        """The folder of the exported model; ``None`` until the run is finished."""
        folder = self.path / "export"
        return folder if (folder / "config.json").is_file() else None

    def classifier(self) -> Classifier:
        """The run's model, ready to read tables. Raises :class:`RunError` if the run is not finished."""
        if self.model is None:
            hint = f'tabular_sense.train(run="{self.path}") resumes it, and exports the model at its end'
            raise RunError(f"the run {self.path} has no model yet: it is not finished", hint)
        return Classifier(self.path / "export")

    def records(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The lines of ``metrics.jsonl``: those of one ``kind`` (``step``, ``validation``, ``event``, ``incident``, ``notice``), or all."""
        import json

        try:
            lines = (self.path / "metrics.jsonl").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        records = []
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:
                # The last line may be incomplete while the run is in progress.
                continue
            if kind is None or record.get("kind") == kind:
                records.append(record)
        return records

    def metrics(self, kind: str = "validation") -> pandas.DataFrame:
        """The metrics of each validation, or with ``kind="step"`` of every logged step, as a pandas DataFrame."""
        import pandas

        return pandas.DataFrame([_flat(record) for record in self.records(kind)])

    @property
    def test(self) -> dict[str, Any] | None:
        """The metrics of the best checkpoint on the test split; ``None`` until the run is finished."""
        import json

        path = self.path / "test.json"
        return json.loads(path.read_text("utf-8")) if path.is_file() else None

    @property
    def report(self) -> Path:
        """The path of the report, one HTML file that works offline; it is written if it is missing."""
        path = self.path / "report.html"
        return path if path.is_file() else self.write_report()

    def write_report(self, output: str | os.PathLike[str] | None = None) -> Path:
        """Writes the report anew, to ``output`` or to ``report.html`` in the run's folder; returns its path."""
        path = self.path / "report.html" if output is None else Path(output)
        _native.write_report(self.path, path)
        return path


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """The record without its kind and without fields that are not single values."""
    return {name: value for name, value in record.items() if not isinstance(value, (dict, list)) and name != "kind"}
