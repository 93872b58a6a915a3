"""The titles that a field may have in a text: its name, and the words that its schema quotes."""

from __future__ import annotations

import re
from functools import lru_cache

from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.lists import ListField, ListSpec

LONGEST = 1_000
"""Characters of a description that are read."""
_QUOTED = re.compile(
    r"[(（]([^()（）]{1,40})[)）]|\"([^\"]{1,40})\"|(?<!\w)'([^']{2,40})'(?!\w)|“([^”]{1,40})”|‘([^’]{2,40})’"
    r"|「([^」]{1,40})」|«([^»]{1,40})»|`([^`]{1,40})`"
)
_EXAMPLE = re.compile(r"e\.?\s?g\b|i\.?\s?e\b|for example|such as|optional|yyyy|iso\b|z\.\s?b", re.IGNORECASE)


def field_titles(field: ListField) -> list[frozenset[str]]:
    """Return the words of each title that a field may have, those of its name first.

    Descriptions quote the title that a document prints, as in `employee number (社員番号)`.
    """
    found = [title_words(field.name)]
    for schema in field.schemas:
        title, description = schema.get("title"), schema.get("description")
        found += [title_words(title)] if isinstance(title, str) else []
        found += _quoted(description[:LONGEST]) if isinstance(description, str) else []
    return list(dict.fromkeys(words for words in found if words))


def list_words(spec: ListSpec) -> frozenset[str]:
    """Return the words of all titles that the fields of a list may have."""
    return frozenset().union(*(words for field in spec.fields for words in field_titles(field)))


@lru_cache(maxsize=2_000)
def _quoted(text: str) -> list[frozenset[str]]:
    phrases = (phrase for match in _QUOTED.finditer(text) for phrase in match.groups() if phrase)
    return [
        title_words(title) for phrase in phrases if not _EXAMPLE.search(phrase) for title in phrase.split("/")
    ]
