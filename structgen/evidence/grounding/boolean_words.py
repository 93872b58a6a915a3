"""The words that name, affirm and negate a boolean: what its name says, and how texts deny it."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.text_forms import forms

AUXILIARIES = frozenset(
    """
    is has have had was were are can should will did does do be been being am would could may might must shall
    ist sind war waren wird werden wurde wurden hat haben est sont était sera été es son está están era fue
    são foi è sono ha zijn wordt werd
    """.split()
)
"""Stand between the words of a name where a text says them: `parking is complimentary`."""
_SMALL_WORDS = frozenset(
    "with flag indicator the a an of any this that these those its their for in to".split()
)
FILLERS = AUXILIARIES | _SMALL_WORDS | frozenset("and or also already und et y e en".split())
_MIN_CLAUSE, _MAX_CLAUSE = 3, 10
"""Words that a clause of a description has, small ones aside: fewer say too little."""
_CLAUSE = regex.compile(
    r"\b(?:if|whether|ob|wenn|si|se|als|om)\s+(?P<clause>[^.;:!?()\[\]]{8,120})", regex.IGNORECASE
)
_JOINED_ENDS = ("", "indicator", "flag")
_NEGATION = regex.compile(
    r"(?<!\w)(?:not|no|never|without|none|neither|nor|non|cannot|\w+n['’]t|lacks?|lacking|hardly|(?<!a )few|"
    r"den(?:y|ies|ied)|kein\w*|nicht|ohne|nie(?:mals)?|sans|pas|jamais|aucune?|sin|nunca|ningún|ninguna|"
    r"não|nao|sem|nenhuma?|senza|nessuna?|niet|geen|zonder|ikke|ingen|inte|utan|uden|nie|bez|не|без|нет)(?!\w)",
    regex.IGNORECASE,
)
_NEGATED_AFTER = regex.compile(
    r"[ \t]+(?:nicht|niet|pas|not|ikke|inte|ej)(?!\w)(?![ \t]+(?:only|nur|seulement))", regex.IGNORECASE
)
_SPACELESS_BEFORE = regex.compile(r"(?:没有?|沒有?|不|無|无|未|非)\p{Han}{0,2}$")
_SPACELESS_AFTER = regex.compile(
    r"\p{Hiragana}{0,3}(?:ない|ません|なし|無し)|(?:은|는|이|가)?[ ]?(?:없|않|아니)\w*"
)


def content_words(leaf: Leaf) -> list[str]:
    """Return the words of the member's name that say something by themselves."""
    return [word for word in leaf.name_words if word not in AUXILIARIES | _SMALL_WORDS]


def wordings(leaf: Leaf) -> Iterator[list[str]]:
    """Yield what a text may say where the boolean is true: the name, the title, a clause of a description."""
    yield forms(" ".join(content_words(leaf)))
    yield from (forms(title) for title in leaf.texts("title"))
    for description in leaf.texts("description"):
        if match := _CLAUSE.search(description):
            words = [word for word in forms(match["clause"]) if word not in FILLERS]
            if _MIN_CLAUSE <= len(words) <= _MAX_CLAUSE:
                yield words


def joined_names(leaf: Leaf) -> set[str]:
    """Return the name without separators, as the elements and keys of a document have it."""
    names = {"".join(leaf.name_words), "".join(content_words(leaf))} - {""}
    return {f"{name}{end}" for name in names for end in _JOINED_ENDS}


def negation(text: str, before: int, start: int, end: int) -> tuple[int, int] | None:
    """Return the range of a name and of its negation; None where nothing negates it.

    Negations stand between `before` and the name, in it, or behind it.
    """
    if negations := list(_NEGATION.finditer(text, before, min(end + 1, len(text)))):
        return min(start, negations[-1].start()), max(end, negations[-1].end())
    if after := _NEGATED_AFTER.match(text, end) or _SPACELESS_AFTER.match(text, end):
        return start, after.end()
    if match := _SPACELESS_BEFORE.search(text, max(before, start - 4), start):
        return match.start(), end
    return None
