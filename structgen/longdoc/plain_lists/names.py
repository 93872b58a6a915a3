"""What a schema calls a list of plain values, and which of them it wants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from structgen.longdoc.layout.titles import title_words
from structgen.longdoc.lists import ListSpec
from structgen.longdoc.plain_lists.ranks import SPLIT, TAIL, Rank, name_words, rank_heading, singular

INTRODUCING = 5
"""Words of a line with a colon at its end, from which on it is a sentence."""
MAX_DESCRIPTION = 2_000
_GENERIC = {
    "item", "value", "thing", "entrie", "entry", "line", "list", "data", "datum", "result", "element", "row",
    "record", "string", "number", "text", "output", "answer", "content", "extracted", "all",
}  # fmt: skip
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
        return frozenset[str]().union(*map(name_words, self.names))

    @property
    def is_generic(self) -> bool:
        """Whether the names say nothing of the values, as `items` does."""
        words = SPLIT.findall(" ".join(self.names).replace("_", " "))
        return {word.lower().removesuffix("s") for word in words} <= _GENERIC

    @property
    def is_choice(self) -> bool:
        """Whether the list may want some of the rows only, or values that the rows do not say."""
        names = " ".join(SPLIT.findall(self.names[0].replace("_", " ")))
        return bool(_CHOSEN.search(names) or _CHOSEN.search(_OF_TEXT.sub(" ", self.description)))

    @property
    def is_distinct(self) -> bool:
        """Whether the list wants each value once."""
        return bool(_DISTINCT.search(self.description) or _DISTINCT.search(self.names[0].replace("_", " ")))

    def is_plural(self, heading: str) -> bool:
        """Return whether a heading has the plural, where the list's name has it."""
        texts = [heading.strip(" :*_\t"), *self.names[:1]]
        own, name = (TAIL.sub("", f"{text} ").strip().endswith("s") for text in texts)
        return own or not name

    def says_itself(self, text: str) -> bool:
        """Return whether a row has the list's own words: it may say something about the values."""
        return bool(title_words(singular(text)) & (name_words(self.names[0]) - _GENERIC - {"email"}))

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
        names = [name for name in self.names if name_words(name) - _GENERIC]
        return max((rank_heading(heading, name, self.context) for name in names), default=Rank.NONE)
