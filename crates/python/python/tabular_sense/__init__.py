"""Tabular Sense: what the columns of a table mean.

>>> import tabular_sense as ts
>>> found = ts.Classifier().predict({"nl": [27, 31, 45], "tel": ["13824719365", "15901837462", "18673920184"]})
>>> found["nl"].type, found["tel"].type
(<SemanticType.AGE: 'age'>, <SemanticType.PHONE: 'phone'>)

``tabular_sense.spark`` and ``tabular_sense.ray`` annotate tables that are distributed over many machines. Neither module is loaded
unless you import it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._classifier import Classifier
from ._errors import (
    ConfigError,
    ModelError,
    RulesError,
    RunError,
    SamplesError,
    TableError,
    TabularSenseError,
    TrainError,
    UnsupportedTableError,
)
from ._native import __version__
from ._results import ColumnPrediction, Prediction, Reasons, TypeProbability, Withheld
from ._types import SemanticType, Sensitivity

if TYPE_CHECKING:
    from ._run import Run
    from ._training import Training, evaluate, generate, train

__all__ = [
    "Classifier",
    "ColumnPrediction",
    "ConfigError",
    "ModelError",
    "Prediction",
    "Reasons",
    "RulesError",
    "Run",
    "RunError",
    "SamplesError",
    "SemanticType",
    "Sensitivity",
    "TableError",
    "TabularSenseError",
    "TrainError",
    "Training",
    "TypeProbability",
    "UnsupportedTableError",
    "Withheld",
    "__version__",
    "evaluate",
    "generate",
    "train",
]

#: Imported on first use: most programs only predict.
_LATER = {"Run": "_run", "Training": "_training", "evaluate": "_training", "generate": "_training", "train": "_training"}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
