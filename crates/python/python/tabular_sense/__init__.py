"""Tabular Sense: what the columns of a table mean.

>>> import tabular_sense as ts
>>> found = ts.Classifier().predict({"nl": [27, 31, 45], "tel": ["13824719365", "15901837462", "18673920184"]})
>>> found["nl"].type, found["tel"].type
(<SemanticType.AGE: 'age'>, <SemanticType.PHONE: 'phone'>)

``tabular_sense.spark`` and ``tabular_sense.ray`` annotate tables that lie on many machines; neither is imported unless you do.
"""

from __future__ import annotations

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
from ._run import Run
from ._training import Training, evaluate, generate, train
from ._types import SemanticType, Sensitivity

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
