"""What the tests share."""

from __future__ import annotations

import pytest

import tabular_sense as ts

PEOPLE = {
    "id": [1, 2, 3],
    "name": ["王芳", "李强", "张伟"],
    "nl": [27, 31, 45],
    "tel": ["13824719365", "15901837462", "18673920184"],
    "status": ["已发货", "待付款", "已完成"],
}
#: The types of its columns.
TYPES = {"id": ["int"], "name": ["name"], "nl": ["age", "int"], "tel": ["phone"], "status": ["state"]}


@pytest.fixture(scope="session")
def classifier() -> ts.Classifier:
    return ts.Classifier()


@pytest.fixture()
def people() -> dict:
    return {name: list(values) for name, values in PEOPLE.items()}


@pytest.fixture()
def types() -> dict:
    return TYPES
