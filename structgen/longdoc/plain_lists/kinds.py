"""What the values of a list are by its schema, and whether a text says one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from structgen.longdoc.layout.anchors import values_of
from structgen.longdoc.layout.cells import cell_kind
from structgen.longdoc.layout.line_words import is_summary
from structgen.longdoc.layout.stated_counts import leaves_out, says_none
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.row_needs import field_kind
from structgen.schema.regex import matches_safely
from structgen.schema.traversal import constants, type_names

ValueKind = Literal["text", "number", "date", "choice", "boolean"]
SHORT_PART = 2
"""Words of each part of a text up to which the parts may be values of their own."""
FEW_WORDS = 4
"""Words up to which a text is a name rather than a phrase."""
MAX_CHOICES = 100
"""Listed values up to which a text may say one among other words."""
UNIT_WORDS = 2
"""Words beside a number up to which these are its unit."""
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_WORD = re.compile(r"[^\W_]+")
_OPEN = re.compile(r"\W*(?:tbd|tba|tbc|n/?a|none|nil|vacant|unknown|to be \w+|see\s.*|\?+)\W*", re.IGNORECASE)
_JOINT = re.compile(r"[;,]\s|\s/\s|\s(?:and|or|und|et|y|e|и)\s|\s[&+]\s")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\"[^\"]*\"")
_WEAK_JOINT = re.compile(r"\s[&+]\s")


@dataclass(frozen=True)
class ValueForm:
    """What the values of a list look like."""

    kind: ValueKind
    choices: frozenset[str] = frozenset()
    """The listed values, as words with blanks around."""
    pattern: str | None = None
    format: str | None = None

    @classmethod
    def of(cls, spec: ListSpec) -> ValueForm:
        """Return the form of a list's values."""
        field = spec.fields[0]
        listed = [value for schema in field.schemas for value in constants(schema) or () if value is not None]
        types = {name for schema in field.schemas for name in type_names(schema) or ()} - {"null"}
        pattern, kind = _first(field.schemas, "pattern"), field_kind(field)
        if types == {"boolean"} or any(isinstance(value, bool) for value in listed):
            return cls("boolean")
        if listed:
            return cls("choice", frozenset(_words(str(value)) for value in listed), pattern)
        return cls("text" if kind == "other" else kind, frozenset(), pattern, _first(field.schemas, "format"))

    def fits(self, text: str) -> bool:
        """Return whether a text says one value, as far as the schema tells what values are."""
        text = text.strip()
        if cell_kind(text) == "empty" or _OPEN.fullmatch(text) or leaves_out(text) or is_summary(text):
            return False
        if says_none(text) is not None or (self.pattern is not None and not self._has_pattern(text)):
            return False
        if self.kind == "choice":
            bare = _words(text)
            if bare in self.choices or len(self.choices) > MAX_CHOICES:
                return bare in self.choices
            return sum(choice in bare for choice in self.choices) == 1
        if self.kind == "boolean":
            return False
        if self.kind in {"number", "date"}:
            dates, times, numbers = values_of(text)
            if self.kind == "number" and len(_LETTERS.findall(text)) > UNIT_WORDS:
                return False
            return (dates, numbers) == (1, 0) if self.kind == "date" else (dates + times, numbers) == (0, 1)
        if self.format in {"email", "idn-email"}:
            return text.count("@") == 1
        return True

    def _has_pattern(self, text: str) -> bool:
        pattern = self.pattern or ""
        return any(matches_safely(pattern, each.strip("()[],;")) for each in (text, *text.split()[:40]))


def _words(text: str) -> str:
    """Return the words of a text with blanks around each."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _first(schemas: Sequence[dict[str, Any]], keyword: str) -> str | None:
    return next((schema[keyword] for schema in schemas if isinstance(schema.get(keyword), str)), None)


def may_say_several(texts: Sequence[str]) -> bool:
    """Return whether one of some texts may say several values, joined by a comma or an `and`.

    Phrases may well have such joints, as far as their parts are no values.
    """
    joined = [text for text in texts if _joins(text)]
    short = sum(len(text.split()) <= FEW_WORDS for text in texts)
    return any(map(_has_short_parts, joined)) or (bool(joined) and 2 * short > len(texts))


def _has_short_parts(text: str) -> bool:
    return all(len(part.split()) <= SHORT_PART for part in _JOINT.split(_BRACKETS.sub(" ", text)))


def _joins(text: str) -> bool:
    text = _BRACKETS.sub(" ", text)
    found = _JOINT.search(text)
    if found is None:
        return False
    if _WEAK_JOINT.fullmatch(found.group()):
        return min(len(text[: found.start()].split()), len(text[found.end() :].split())) > 1
    return True
