"""What the row of a list must have by the schema: dates, numbers and words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from structgen.longdoc.layout.anchors import values_of
from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.lists import ListField, ListSpec
from structgen.schema.traversal import type_names

FieldKind = Literal["date", "number", "text", "other"]
_DATE_WORDS = {"date", "day", "datum", "time", "moment", "datetime", "timestamp"}
_TOKEN = re.compile(r"[$€£¥₹]|[^\s,;|:~^#=│$€£¥₹]+")
_LETTERS = re.compile(r"[^\W\d_]")
_WHOLE = re.compile(r"(?<![\w.,])[-+−(]?\d{1,12}(?:[,.'’ \u00a0\u202f]\d{3})*(?:[.,]0+)?(?![\w%]|[.,]\d)")


def field_kind(field: ListField) -> FieldKind:
    """Return what the schema says a field has."""
    types: set[str] = set()
    for schema in field.schemas:
        types.update(type_names(schema) or ())
        if schema.get("format") in {"date", "date-time", "time"}:
            return "date"
    if types & {"array", "object"}:
        return "other"
    if types & {"number", "integer"}:
        return "number"
    return "date" if title_words(field.name) & _DATE_WORDS and "string" in types else "text"


def may_be_null(field: ListField) -> bool:
    """Return whether a row may lack the field."""
    if not field.required:
        return True
    return any(
        schema.get("type") == "null" or "null" in schema.get("type", ()) or None in schema.get("enum", ())
        for schema in field.schemas
        if not isinstance(schema.get("type"), str) or schema["type"] == "null"
    )


@dataclass(frozen=True)
class RowNeeds:
    """What each row must have: how many dates, numbers, whole ones among them, texts."""

    dates: int = 0
    numbers: int = 0
    wholes: int = 0
    texts: int = 0

    @classmethod
    def of(cls, spec: ListSpec) -> RowNeeds:
        """Return the needs of the fields of a list that each row has."""
        needed = [field for field in spec.fields if not may_be_null(field)]
        kinds = Counter(field_kind(field) for field in needed)
        return cls(
            dates=kinds["date"],
            numbers=kinds["number"],
            wholes=sum(_is_whole(field) for field in needed),
            texts=kinds["text"],
        )

    @property
    def values(self) -> int:
        """The dates and numbers of a row."""
        return self.dates + self.numbers

    def hold(self, text: str, without_dates: bool = False) -> bool:
        """Return whether a text has all that a row needs, but for its dates where they stand elsewhere."""
        dates, times, numbers = values_of(text)
        wanted = 0 if without_dates else self.dates
        if (dates + times if wanted else 0) < wanted or numbers < self.numbers:
            return False
        tokens = _TOKEN.findall(text)
        if len(tokens) < wanted + self.numbers + self.texts:
            return False
        if self.texts and self.values and not any(map(_LETTERS.search, tokens)):
            return False
        return not self.wholes or len(_WHOLE.findall(text)) >= self.wholes


def _is_whole(field: ListField) -> bool:
    types = [type_names(schema) or () for schema in field.schemas]
    return any("integer" in names for names in types) and not any("number" in names for names in types)
