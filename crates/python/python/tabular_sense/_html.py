"""Predictions in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Sequence

if TYPE_CHECKING:
    from ._results import ColumnPrediction, TypeProbability

#: Colours that are legible on light and dark pages.
_STYLE = "display:inline-block;margin:0 .3em 0 0;padding:0 .5em;border-radius:.7em;border:1px solid currentColor"
_LEFT = ' style="text-align:left"'


def table(columns: Sequence[ColumnPrediction], width: int, rows: int) -> str:
    """The columns as an HTML table; ``width`` says how many there are in all."""
    heads = "".join(f"<th{_LEFT}>{head}</th>" for head in ("#", "column", "types", "personal", "examples"))
    body = "".join(_row(column) for column in columns)
    more = f" (the first {len(columns)} are shown)" if width > len(columns) else ""
    caption = f"{counted(width, 'column')}{more}, {counted(rows, 'row')}"
    return f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _row(column: ColumnPrediction) -> str:
    types = "".join(_type(given) for given in column.types) or "–"
    personal = "" if column.sensitivity is None else column.sensitivity.value
    examples = escape(" · ".join(_short(example) for example in column.examples))
    cells = (str(column.position + 1), escape(column.name) or "<em>no name</em>", types, personal, examples)
    return "<tr>" + "".join(f"<td{_LEFT}>{cell}</td>" for cell in cells) + "</tr>"


def _type(given: TypeProbability) -> str:
    why = "" if given.reasons is None else f' title="{escape(given.reasons.sentence)}"'
    return f'<span style="{_STYLE}"{why}>{escape(str(given.type))} {given.probability:.2f}</span>'


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def counted(count: int, what: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
