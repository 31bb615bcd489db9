"""The types that columns have."""

from __future__ import annotations

import enum
from functools import lru_cache

from . import _native


class Sensitivity(str, enum.Enum):
    """How much the values of a type tell about a person, according to GB/T 35273-2020 and the GDPR: the higher of the two
    levels."""

    PERSONAL = "personal"
    SENSITIVE = "sensitive"

    def __str__(self) -> str:
        return self.value


class SemanticType(str, enum.Enum):
    """A semantic type of a column. Each member is equal to its code: ``SemanticType.AGE == "age"``.

    >>> SemanticType("age").english
    'age'
    >>> SemanticType.ID_CARD.sensitivity
    <Sensitivity.SENSITIVE: 'sensitive'>
    """

    NAME = "name"
    USERNAME = "username"
    EMAIL = "email"
    URL = "url"
    USERAGENT = "useragent"
    JOB = "job"
    GENDER = "gender"
    ETHNICITY = "ethnicity"
    EDUCATION = "education"
    STATE = "state"
    PRIORITY = "priority"
    BOOLEAN = "boolean"
    AGE = "age"
    ID_CARD = "id_card"
    PHONE = "phone"
    BANK_CARD = "bank_card"
    AMOUNT = "amount"
    COORDINATE = "coordinate"
    PLATE = "plate"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    IP = "ip"
    INT = "int"
    FLOAT = "float"
    PERCENT = "percent"
    ADDRESS = "address"
    RESIDENTIAL = "residential"
    COMPANY = "company"
    HOSPITAL = "hospital"
    RECREATION = "recreation"
    SHOPPING = "shopping"

    def __str__(self) -> str:
        return self.value

    def __format__(self, spec: str) -> str:
        return format(self.value, spec)

    @property
    def english(self) -> str:
        """The name in English."""
        return _descriptions()[self.value][1]

    @property
    def chinese(self) -> str:
        """The name in Chinese."""
        return _descriptions()[self.value][2]

    @property
    def description(self) -> str:
        """What the type is, what it is not, and how tables write it."""
        return _descriptions()[self.value][3]

    @property
    def sensitivity(self) -> Sensitivity | None:
        """How much its values tell about a person; ``None`` if they tell nothing by themselves."""
        level = _descriptions()[self.value][4]
        return None if level is None else Sensitivity(level)


@lru_cache(maxsize=1)
def _descriptions() -> dict[str, tuple[str, str, str, str, str | None]]:
    return {row[0]: row for row in _native.types()}
