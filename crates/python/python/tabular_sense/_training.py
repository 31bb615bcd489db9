"""Training, evaluation and samples, as the commands of the same names do them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Callable, NamedTuple, Sequence, Union

from . import _native
from ._progress import Printer
from ._run import Run

#: A path.
PathLike = Union[str, "os.PathLike[str]"]
#: A function that is called for each event; if it returns ``False``, the work ends. See :func:`train`.
OnEvent = Callable[[dict], Any]


class Training(NamedTuple):
    """How a training run ended."""

    run: Run
    """Its folder."""
    is_finished: bool
    """Whether all epochs are trained and the model is exported; otherwise the same call resumes it."""
    model: Path | None
    """The folder of the exported model."""
    report: Path | None
    """The report, one HTML file."""
    test: dict[str, Any] | None
    """The metrics on the test split."""


def train(
    config: PathLike | None = None,
    *,
    run: PathLike = "runs/default",
    samples: PathLike | None = None,
    init: PathLike | None = None,
    on_event: OnEvent | None = None,
    quiet: bool = False,
    resume: str = "auto",
    strategy: str = "everything",
    reset_state: bool = False,
    allow_change: Sequence[str] = (),
    strict: bool = False,
    stop_after: int | None = None,
    on_bad_line: str | None = None,
    on_nonfinite: str | None = None,
) -> Training:
    """Trains, tests and exports a model in the folder ``run``. Called again, it resumes where it stopped or was killed.

    ``config`` is a TOML file or a preset (``default``, ``micro``, …), ``samples`` a sample file instead of generated samples, ``init`` the
    folder of a trained model to start from. The other arguments are the options of ``tabular-sense train`` of the same names.

    ``on_event`` is called with a dict for each event: the records of ``metrics.jsonl`` (``kind`` is ``step``, ``validation``, ``event``,
    ``incident`` or ``notice``), ``progress`` of long work, and ``run_start``, ``epoch_start``, ``epoch_end``, ``saved`` and ``run_end``. If it
    returns ``False``, the run is saved and ends; an exception that it raises does the same, and is raised. Without it, progress is
    printed unless ``quiet``.

    Ctrl-C saves the run and raises ``KeyboardInterrupt``. Raises :class:`ConfigError`, :class:`SamplesError`, :class:`RunError` or
    :class:`TrainError`.
    """
    options = {
        "run": run,
        "config": config,
        "init": init,
        "samples": samples,
        "resume": resume,
        "strategy": strategy,
        "reset_state": reset_state,
        "allow_change": list(allow_change),
        "strict": strict,
        "stop_after": stop_after,
        "on_bad_line": on_bad_line,
        "on_nonfinite": on_nonfinite,
    }
    listener = _listener(on_event, quiet)
    is_finished, model, report, test = _native.train(options, listener)
    return Training(
        Run(run),
        is_finished,
        None if model is None else Path(model),
        None if report is None else Path(report),
        None if test is None else _json(test),
    )


def evaluate(
    columns: PathLike | None = None,
    *,
    model: PathLike | None = None,
    threshold: float | None = None,
    run: PathLike | None = None,
    split: str = "test",
    on_event: OnEvent | None = None,
    quiet: bool = True,
) -> dict[str, Any]:
    """The metrics of a model on the labelled ``columns`` in a file, or of a ``run`` on a ``split`` of its own samples (``train``,
    ``validation`` or ``test``). The dict is what ``tabular-sense evaluate --json`` prints.

    >>> import json, pathlib, tempfile, tabular_sense as ts
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "columns.jsonl"
    >>> _ = file.write_text(json.dumps({"name": "nl", "values": ["27", "31"], "labels": ["age", "int"]}))
    >>> ts.evaluate(file)["parts"][0]["micro_f1"]
    1.0
    """
    if columns is not None and run is None:
        return _json(_native.evaluate_columns(columns, model, threshold))
    if run is None or columns is not None:
        raise TypeError("evaluate() takes either columns or run")
    if model is not None or threshold is not None:
        raise TypeError("evaluate() takes model and threshold with columns only")
    return _json(_native.evaluate_run(run, split, _listener(on_event, quiet)))


def generate(
    output: PathLike,
    *,
    per_type: int = 3000,
    seed: int = 7,
    written: int = 0,
    on_event: OnEvent | None = None,
    quiet: bool = True,
) -> int:
    """Writes labelled synthetic columns to ``output``, one JSON object per line: ``per_type`` of each type, one column without a type for
    every five of them, and ``written`` copies of each built-in labelled column. Returns the number of columns. The same seed gives the
    same bytes.

    >>> import pathlib, tempfile, tabular_sense as ts
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "samples.jsonl"
    >>> ts.generate(file, per_type=2) == len(file.read_text("utf-8").splitlines())
    True
    """
    if per_type < 1:
        raise ValueError(f"per_type = {per_type}: expected 1 or more")
    return _native.generate(output, per_type, seed, written, _listener(on_event, quiet))


def _listener(on_event: OnEvent | None, quiet: bool) -> Callable[[str], bool] | None:
    """Takes events as the native module gives them, and returns whether the work continues."""
    told = Printer() if on_event is None and not quiet else on_event
    if told is None:
        return None
    import json

    return lambda text: told(json.loads(text)) is not False


def _json(text: str) -> dict[str, Any]:
    import json

    return json.loads(text)
