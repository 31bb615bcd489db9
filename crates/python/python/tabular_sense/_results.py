"""What ``predict`` returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator, NamedTuple, Union, overload

from ._types import SemanticType, Sensitivity

if TYPE_CHECKING:
    import pandas
    import polars

#: A type that the model knows, or the name of a custom one.
TypeName = Union[SemanticType, str]

_CODES = {member.value: member for member in SemanticType}
_LEVELS = {member.value: member for member in Sensitivity}


class Reasons(NamedTuple):
    """Why a column was given a type."""

    sentence: str
    """All reasons in one line, as ``predict --explain`` prints it."""
    form_percent: int
    """The percentage of values that look like the type."""
    checksum: str | None
    """The name of the type's checksum, if there are values to which it applies."""
    checksum_percent: int | None
    """The percentage of values that pass the checksum, out of those to which it applies."""
    name_match: str | None
    """The known name that the column's name stands for."""
    probability_without_name: float
    """The probability according to the values alone."""
    settled: str | None
    """What decided the answer, other than the model."""


class TypeProbability(NamedTuple):
    """A type of a column."""

    type: TypeName
    """Which one: a :class:`SemanticType`, or the name of a custom type."""
    probability: float
    """The model's probability, or the share of the values that fit the rules of a custom type."""
    is_custom: bool
    """Whether it is a custom type, found by rules."""
    sensitivity: Sensitivity | None
    """How much its values tell about a person."""
    reasons: Reasons | None
    """Why, with ``explain=True``; ``None`` for custom types, whose rules are the reason."""


class Withheld(NamedTuple):
    """A type that the model found in a column, but that was left out of the answer."""

    type: SemanticType
    probability: float
    reason: str


class ColumnPrediction(NamedTuple):
    """The types of one column."""

    name: str
    """Its name; empty if it has none."""
    position: int
    """Its position from the left, from 0."""
    types: tuple[TypeProbability, ...]
    """Custom types, then those of the model, most likely first; empty if none was found."""
    sensitivity: Sensitivity | None
    """The highest sensitivity of its types."""
    from_name_only: bool
    """Whether there were no values, so that the types are from the name alone."""
    withheld: tuple[Withheld, ...]
    """With ``explain=True``: types that the model found, but that were left out of the answer."""
    examples: tuple[str, ...]
    """Up to three different values."""

    @property
    def label(self) -> str:
        """Its name, or its number (counted from 1) if it has none."""
        return self.name or str(self.position + 1)

    @property
    def type(self) -> TypeName | None:
        """The first of its types."""
        return self.types[0].type if self.types else None

    @property
    def probability(self) -> float | None:
        """The probability of the first of its types."""
        return self.types[0].probability if self.types else None

    def has(self, type: TypeName) -> bool:
        """Whether it was given this type."""
        return any(given.type == type for given in self.types)

    def to_dict(self) -> dict[str, Any]:
        """The column as the command line prints it with ``--json``, without how the table was read."""
        record: dict[str, Any] = {"column": self.position + 1, "name": self.name, "types": [_type_dict(t) for t in self.types]}
        if self.sensitivity is not None:
            record["sensitivity"] = self.sensitivity.value
        if self.from_name_only:
            record["from_name_only"] = True
        if self.withheld:
            record["withheld"] = [
                {"type": str(one.type), "probability": one.probability, "reason": one.reason} for one in self.withheld
            ]
        record["examples"] = list(self.examples)
        return record


def _type_dict(given: TypeProbability) -> dict[str, Any]:
    record: dict[str, Any] = {"type": str(given.type), "probability": given.probability}
    if given.is_custom:
        record["rule"] = True
    if given.sensitivity is not None:
        record["sensitivity"] = given.sensitivity.value
    if given.reasons is not None:
        why = {name: value for name, value in given.reasons._asdict().items() if value is not None}
        record["why"] = why
    return record


class Prediction:
    """The types of the columns of a table: a sequence of :class:`ColumnPrediction`, indexed by position or by name.

    >>> import tabular_sense as ts
    >>> found = ts.Classifier().predict({"nl": [27, 31, 45], "tel": ["13824719365", "15901837462", None]})
    >>> [column.name for column in found]
    ['nl', 'tel']
    >>> found["tel"].type
    <SemanticType.PHONE: 'phone'>
    >>> found[0].has("age")
    True
    >>> found.types
    {'nl': ['age', 'int'], 'tel': ['phone']}
    """

    __slots__ = ("columns", "rows", "remarks")

    #: The columns, from left to right.
    columns: tuple[ColumnPrediction, ...]
    #: How many rows the table has; the types are from a sample of them.
    rows: int
    #: What was odd about a file.
    remarks: tuple[str, ...]

    def __init__(self, columns: tuple[ColumnPrediction, ...], rows: int, remarks: tuple[str, ...] = ()) -> None:
        self.columns = columns
        self.rows = rows
        self.remarks = remarks

    def __len__(self) -> int:
        return len(self.columns)

    def __contains__(self, key: object) -> bool:
        """Whether a column has this name, or ``key`` is one of the columns."""
        return any(key == column.name or key is column for column in self.columns)

    def __iter__(self) -> Iterator[ColumnPrediction]:
        return iter(self.columns)

    @overload
    def __getitem__(self, key: int | str) -> ColumnPrediction: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[ColumnPrediction, ...]: ...
    def __getitem__(self, key: int | str | slice) -> ColumnPrediction | tuple[ColumnPrediction, ...]:
        if not isinstance(key, str):
            return self.columns[key]
        for column in self.columns:
            if column.name == key:
                return column
        raise KeyError(key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Prediction) and self.columns == other.columns and self.rows == other.rows

    __hash__ = None  # type: ignore[assignment]

    @property
    def types(self) -> dict[str, list[str]]:
        """The codes of each column's types, by its name, or by its number (counted from 1) if it has no name. If columns have the same
        name, those of the first."""
        types: dict[str, list[str]] = {}
        for column in self.columns:
            types.setdefault(column.label, [str(given.type) for given in column.types])
        return types

    def personal(self) -> tuple[ColumnPrediction, ...]:
        """The columns whose types mean that their values are personal data."""
        return tuple(column for column in self.columns if column.sensitivity is not None)

    def to_dict(self) -> dict[str, Any]:
        """The whole prediction as dicts and lists, which ``json.dumps`` accepts.

        >>> import tabular_sense as ts
        >>> found = ts.Classifier().predict({"nl": [27, 31, 45]}).to_dict()
        >>> found["rows"], [given["type"] for given in found["columns"][0]["types"]]
        (3, ['age', 'int'])
        """
        record: dict[str, Any] = {"rows": self.rows, "columns": [column.to_dict() for column in self.columns]}
        if self.remarks:
            record["remarks"] = list(self.remarks)
        return record

    def _table(self) -> dict[str, list[Any]]:
        columns = self.columns
        return {
            "column": [column.position + 1 for column in columns],
            "name": [column.name for column in columns],
            "type": [None if column.type is None else str(column.type) for column in columns],
            "probability": [column.probability for column in columns],
            "types": [[str(given.type) for given in column.types] for column in columns],
            "probabilities": [[given.probability for given in column.types] for column in columns],
            "sensitivity": [None if column.sensitivity is None else column.sensitivity.value for column in columns],
            "from_name_only": [column.from_name_only for column in columns],
            "examples": [list(column.examples) for column in columns],
        }

    def to_pandas(self) -> pandas.DataFrame:
        """One row per column of the table: its number from 1, name, first type and its probability, all types, …"""
        import pandas

        # If no column has a type, the probabilities are still a column of floats, all of them missing.
        return pandas.DataFrame(self._table()).astype({"probability": "float64"})

    def to_polars(self) -> polars.DataFrame:
        """As :meth:`to_pandas`, for Polars."""
        import polars

        strings = polars.List(polars.String)
        schema = {
            "column": polars.Int64,
            "name": polars.String,
            "type": polars.String,
            "probability": polars.Float64,
            "types": strings,
            "probabilities": polars.List(polars.Float64),
            "sensitivity": polars.String,
            "from_name_only": polars.Boolean,
            "examples": strings,
        }
        return polars.DataFrame(self._table(), schema=schema)

    def __repr__(self) -> str:
        from ._html import counted

        lines = [f"{counted(len(self), 'column')}, {counted(self.rows, 'row')}"]
        width = max((len(column.label) for column in self.columns[:_SHOWN]), default=0)
        for column in self.columns[:_SHOWN]:
            given = ", ".join(f"{one.type} {one.probability:.2f}" for one in column.types) or "–"
            given += " (from the name only)" if column.from_name_only and column.types else ""
            lines.append(f"{column.label:<{min(width, 28)}}  {given}")
        if len(self) > _SHOWN:
            lines.append(f"… {len(self) - _SHOWN:,} more")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from ._html import table

        return table(self.columns[:_SHOWN], len(self), self.rows)


#: The maximum number of columns that are shown.
_SHOWN = 60


def _sensitivity(code: str | None) -> Sensitivity | None:
    return None if code is None else _LEVELS[code]


def _given(row: tuple[Any, ...]) -> TypeProbability:
    code, probability, is_custom, level, why = row
    reasons = None
    if why is not None:
        sentence, form_percent, checksum, name_match, without_name, settled = why
        name, percent = (None, None) if checksum is None else checksum
        reasons = Reasons(sentence, form_percent, name, percent, name_match, without_name, settled)
    kind = code if is_custom else _CODES[code]
    return TypeProbability(kind, probability, is_custom, _sensitivity(level), reasons)


def prediction(rows: list[tuple[Any, ...]], count: int, remarks: list[str] | None = None) -> Prediction:
    """The result of ``_native.Classifier.predict``, as an object."""
    columns = tuple(
        ColumnPrediction(
            name,
            index,
            tuple(_given(one) for one in types),
            _sensitivity(level),
            from_name_only,
            tuple(Withheld(_CODES[code], probability, reason) for code, probability, reason in withheld),
            tuple(examples),
        )
        for index, (name, types, level, from_name_only, withheld, examples) in enumerate(rows)
    )
    return Prediction(columns, count, tuple(remarks or ()))
