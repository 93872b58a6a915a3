"""How well the words of a heading, label or title name a list."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.run_parts import sets_apart

MAX_OTHERS = 3
"""Words of a heading beside those of a list's name, up to which it names the list."""
_MAIL = re.compile(r"\be[-‐ ]?mails?\b", re.IGNORECASE)
_IES = re.compile(r"(?<=[a-z]{2})ies(?![a-z])")
_SES = re.compile(r"(?<=[a-z])(ss|x|ch|sh)es(?![a-z])")
_PEOPLE = re.compile(r"\bpeople\b", re.IGNORECASE)
SPLIT = re.compile(r"[A-Z]+(?![a-z])|[^\W\d_][^\W\d_A-Z]*")
_FOLLOWING = re.compile(r"\bfollowing\s+(.+)", re.IGNORECASE)
TAIL = re.compile(
    r"\s(?:of|in|for|per|from|by|at|on|to|with|de|des|du|der|von|are|is|was|were|have|has|had|will|must|shall|can|may"
    r"|apply|present|attending|included|visited|as)\s.*",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"\W*(?:(?:these|those|they|here|this|below)\s(?:are|is|were|was)|(?:please\s)?(?:find|see)(?:\sbelow)?)\s",
    re.IGNORECASE,
)
_LIST_OF = re.compile(
    r"\W*(?:the\s|a\s|our\s)?(?:complete\s|full\s)?(?:list|table|overview|register|names?)\s(?:of|for)\s(.+)",
    re.IGNORECASE,
)
_STOP = {
    "list", "all", "our", "your", "their", "this", "these", "those", "are", "is", "was", "were", "have",
    "been", "following", "below", "complete", "full", "total", "overview", "with", "on", "to", "by", "at",
    "as", "we", "present", "included", "attending", "visited",
}  # fmt: skip
_OPPOSITE = {
    "non", "not", "no", "un", "former", "ex", "without", "other", "except", "excluded", "absent", "missing",
    "remaining", "additional", "further", "potential", "possible", "proposed", "honorary", "never",
    "apologie", "unlike", "removed", "deleted", "open", "more", "related", "similar", "new",
}  # fmt: skip
_DROPPED = {"name", "list", "value", "all"}
"""Words of a list's name that a heading need not have: `productNames` are below `Products`."""


class Rank(IntEnum):
    """How well words name a list."""

    NONE = 0
    PART = 1
    """They share words."""
    NOUN = 2
    """All words of the name, its noun as theirs, and others before it: `Junior members`."""
    WHOLE = 3
    """All words of the name, and others after the noun: `Members of the board`."""
    EXACT = 4


@lru_cache(maxsize=20_000)
def rank_heading(heading: str, name: str, context: frozenset[str]) -> Rank:
    """Return how well a heading names a list; `context` are words that it may have before the noun."""
    words, own = name_words(heading), name_words(name)
    core = own - _DROPPED or own
    if not words & own:
        return Rank.NONE
    others = {word for word in words - own if not word.isdigit()}
    if others & _OPPOSITE or (sets_apart(heading) and not sets_apart(name)):
        return Rank.PART
    if not others and core <= words:
        return Rank.EXACT
    if not (core <= words or words <= own):
        return Rank.NONE
    phrase, noun = _phrase(heading)
    is_named = core <= words and noun in own and len(others) <= MAX_OTHERS
    if not is_named:
        return Rank.PART
    return Rank.NOUN if (phrase & others) - context else Rank.WHOLE


def singular(text: str) -> str:
    """Return a text with the plurals that `title_words` does not know as singulars."""
    text = _PEOPLE.sub("person", _MAIL.sub("email", text[:200]))
    return _IES.sub("y", _SES.sub(r"\1", text))


@lru_cache(maxsize=20_000)
def name_words(text: str) -> frozenset[str]:
    """Return the words of a name or a heading that say something."""
    words = title_words(singular(text))
    if "email" in words:
        words -= {"address", "id"}
    return words - _STOP


def _phrase(heading: str) -> tuple[frozenset[str], str]:
    """Return the words before `of` and the like, and the last of them: the noun that a heading is about."""
    text = singular(heading).strip(" :*_#\t")
    if found := _LIST_OF.fullmatch(text) or _FOLLOWING.search(text):
        text = found.group(1)
    text = TAIL.sub("", f"{_LEAD.sub('', text)} ").strip()
    text = re.sub(r"[(\[].*", "", text)
    known = [word for word in SPLIT.findall(text) if title_words(word) - _STOP]
    noun = next(iter(title_words(known[-1])), "") if known else ""
    is_mail = noun == "address" and "email" in name_words(heading)
    return name_words(" ".join(known)), "email" if is_mail else noun
