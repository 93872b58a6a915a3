"""Whether a title, a label or a heading names a list of plain values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.run_parts import sets_apart

INTRODUCING = 5
"""Words of a line with a colon at its end, from which on it is a sentence."""
MAX_DESCRIPTION = 2_000
MAX_OTHERS = 3
"""Words of a heading beside those of a list's name, up to which it names the list."""
_MAIL = re.compile(r"\be[-‐ ]?mails?\b", re.IGNORECASE)
_IES = re.compile(r"(?<=[a-z]{2})ies(?![a-z])")
_SES = re.compile(r"(?<=[a-z])(ss|x|ch|sh)es(?![a-z])")
_PEOPLE = re.compile(r"\bpeople\b", re.IGNORECASE)
_SPLIT = re.compile(r"[A-Z]+(?![a-z])|[^\W\d_][^\W\d_A-Z]*")
_FOLLOWING = re.compile(r"\bfollowing\s+(.+)", re.IGNORECASE)
_TAIL = re.compile(
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
_GENERIC = {
    "item", "value", "thing", "entrie", "entry", "line", "list", "data", "datum", "result", "element", "row",
    "record", "string", "number", "text", "output", "answer", "content", "extracted", "all",
}  # fmt: skip
_DROPPED = {"name", "list", "value", "all"}
"""Words of a list's name that a heading need not have: `productNames` are below `Products`."""
_CHOSEN = re.compile(
    r"\b(?:who|whose|whom|which|that|only|where|when|while|with|without|above|below|over|under|after|before|since|"
    r"least|most|more|less|fewer|except|excluding|not|no|if|first|last|top|latest|recent|main|key|important|"
    r"selected|samples?|examples?|some|few|several|best|worst|largest|smallest|highest|lowest|older|younger|"
    r"active|inactive|unpaid|paid|relevant|suggested|summari[sz]e\w*|classif\w+|categor\w+|topics?|derived|"
    r"infer\w*|generat\w+|normali[sz]\w*|translat\w+|either|unless|greater|longer|shorter|than|beginning|ending|"
    r"starting|containing)\b",
    re.IGNORECASE,
)
_OF_TEXT = re.compile(
    r"\b(?:that|which)?\s?(?:are |is |was |were )?(?:listed|named|mentioned|given|stated|found|written)?\s?"
    r"(?:in|of|by|from) (?:the|this) (?:document|text|page|list|table|file)\b"
    r"|\b(?:that|which) (?:the|this) (?:document|text|page) (?:has|lists|names|mentions|gives|states|says)\b",
    re.IGNORECASE,
)
_DISTINCT = re.compile(
    r"\b(?:different|distinct|unique|various|dedup\w*|without (?:repet\w+|duplicates?)|each once)\b",
    re.IGNORECASE,
)


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


@dataclass(frozen=True)
class ListWords:
    """What a schema says of a list of plain values by words."""

    names: tuple[str, ...]
    """The name of the list, and its title."""
    description: str
    context: frozenset[str] = frozenset()
    """Words of the description and of the objects around: a heading may have them as well."""

    @classmethod
    def of(cls, spec: ListSpec) -> ListWords:
        """Return the words of a list."""
        texts = [
            schema[keyword]
            for keyword in ("title", "description")
            for schema in (*spec.schemas, *spec.fields[0].schemas)
            if isinstance(schema.get(keyword), str)
        ]
        titles = [text for text in texts if len(text.split()) <= 6]
        description = " ".join(texts)[:MAX_DESCRIPTION]
        context = title_words(" ".join([description[:200], *map(str, spec.path[:-1])]))
        return cls(tuple(dict.fromkeys([spec.fields[0].name, *titles])), description, context)

    @property
    def words(self) -> frozenset[str]:
        """The words of the names."""
        return frozenset[str]().union(*map(_words, self.names))

    @property
    def is_generic(self) -> bool:
        """Whether the names say nothing of the values, as `items` does."""
        words = _SPLIT.findall(" ".join(self.names).replace("_", " "))
        return {word.lower().removesuffix("s") for word in words} <= _GENERIC

    @property
    def is_choice(self) -> bool:
        """Whether the list may want some of the rows only, or values that the rows do not say."""
        names = " ".join(_SPLIT.findall(self.names[0].replace("_", " ")))
        return bool(_CHOSEN.search(names) or _CHOSEN.search(_OF_TEXT.sub(" ", self.description)))

    @property
    def is_distinct(self) -> bool:
        """Whether the list wants each value once."""
        return bool(_DISTINCT.search(self.description) or _DISTINCT.search(self.names[0].replace("_", " ")))

    def is_plural(self, heading: str) -> bool:
        """Return whether a heading has the plural, where the list's name has it."""
        texts = [heading.strip(" :*_\t"), *self.names[:1]]
        own, name = (_TAIL.sub("", f"{text} ").strip().endswith("s") for text in texts)
        return own or not name

    def says_itself(self, text: str) -> bool:
        """Return whether a row has the list's own words: it may say something about the values."""
        return bool(title_words(_singular(text)) & (_words(self.names[0]) - _GENERIC - {"email"}))

    def rank_of(self, names: Sequence[str]) -> Rank:
        """Return how well headings name the list, the nearest first.

        An outer heading names it only where the nearest one is a sentence that introduces it.
        """
        for name in names:
            rank = self.rank(name)
            if rank or not (name.endswith(":") and len(name.split()) >= INTRODUCING):
                return rank
        return Rank.NONE

    def rank(self, heading: str) -> Rank:
        """Return how well a title, a label or a heading names the list."""
        if ";" in heading or "|" in heading:
            return Rank.NONE
        names = [name for name in self.names if _words(name) - _GENERIC]
        return max((_rank(heading, name, self.context) for name in names), default=Rank.NONE)


@lru_cache(maxsize=20_000)
def _rank(heading: str, name: str, context: frozenset[str]) -> Rank:
    words, own = _words(heading), _words(name)
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


def _singular(text: str) -> str:
    """Return a text with the plurals that `title_words` does not know as singulars."""
    text = _PEOPLE.sub("person", _MAIL.sub("email", text[:200]))
    return _IES.sub("y", _SES.sub(r"\1", text))


@lru_cache(maxsize=20_000)
def _words(text: str) -> frozenset[str]:
    words = title_words(_singular(text))
    if "email" in words:
        words -= {"address", "id"}
    return words - _STOP


def _phrase(heading: str) -> tuple[frozenset[str], str]:
    """Return the words before `of` and the like, and the last of them: the noun that a heading is about."""
    text = _singular(heading).strip(" :*_#\t")
    if found := _LIST_OF.fullmatch(text) or _FOLLOWING.search(text):
        text = found.group(1)
    text = _TAIL.sub("", f"{_LEAD.sub('', text)} ").strip()
    text = re.sub(r"[(\[].*", "", text)
    known = [word for word in _SPLIT.findall(text) if title_words(word) - _STOP]
    noun = next(iter(title_words(known[-1])), "") if known else ""
    return _words(" ".join(known)), "email" if noun == "address" and "email" in _words(heading) else noun
