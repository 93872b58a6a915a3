"""The words of a text that a word may stand for: inflected forms, typing errors, confused characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from rapidfuzz.distance import OSA

from structgen.evidence.grounding.text_index import FIRST_SPACELESS, TextIndex

MAX_NEIGHBOURS = 12
"""Words of the text that one word may stand for, the nearest first."""
MAX_BUCKET = 400
"""Words with the same beginning, or the same end, that are compared."""
NEAR = 0.8
"""What a nearly alike word counts, beside 1 for the same word."""
_EDGE, _LONGEST = 4, 64
"""Letters of the words that are compared; longer runs of letters are no words."""
_SHORT = 8
"""Letters up to which a word is found under what is left of it without one letter."""
_CONFUSED = str.maketrans("01i5826", "ollsbzb")
_CONFUSED_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


class NearWords:
    """Finds the forms of one text that are nearly alike a token."""

    def __init__(self, index: TextIndex) -> None:
        self._index = index
        self._known: dict[str, dict[str, float]] = {}

    def of(self, token: str) -> dict[str, float]:
        """Return the forms of the text that a token may stand for, with what each counts up to 1."""
        if token not in self._known:
            forms = {token: 1.0} if token in self._index.postings else {}
            near = sorted(self._neighbours(token), key=lambda form: abs(len(form) - len(token)))
            self._known[token] = forms | dict.fromkeys(near[:MAX_NEIGHBOURS], NEAR)
        return self._known[token]

    def inflected(self, token: str) -> set[str]:
        """Return the token, where the text has it, and its inflected forms."""
        return {form for form in self.of(token) if form == token or inflected(token, form)}

    def _neighbours(self, token: str) -> Iterator[str]:
        if not _EDGE <= len(token) <= _LONGEST or token >= FIRST_SPACELESS or token.isdecimal():
            return
        beginnings, ends = self._edges
        candidates = beginnings.get(token[:_EDGE], [])[:MAX_BUCKET]
        if token not in self._index.postings:  # a word that the text has is no error of another one
            candidates = [*candidates, *ends.get(token[-_EDGE:], [])[:MAX_BUCKET]]
            candidates += self._skeletons.get(skeleton(token), [])
            for shortened in _shortened(token):
                candidates += self._shortened.get(shortened, [])
        for form in dict.fromkeys(candidates):
            if form != token and (inflected(token, form) or misspelt(token, form)):
                yield form

    @cached_property
    def _words(self) -> list[str]:
        forms = self._index.postings
        return [form for form in forms if _EDGE <= len(form) <= _LONGEST and not form.isdecimal()]

    @cached_property
    def _edges(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """The forms of the text by their first and by their last characters."""
        beginnings = _grouped((form[:_EDGE], form) for form in self._words)
        return beginnings, _grouped((form[-_EDGE:], form) for form in self._words)

    @cached_property
    def _skeletons(self) -> dict[str, list[str]]:
        return _grouped((skeleton(form), form) for form in self._words)

    @cached_property
    def _shortened(self) -> dict[str, list[str]]:
        """Short forms without one letter: two words at one edit share one of these, or one is the other's."""
        return _grouped((shortened, form) for form in self._words for shortened in _shortened(form))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, form in pairs:
        if key in groups:
            groups[key].append(form)
        else:
            groups[key] = [form]
    return groups


def _shortened(word: str) -> Iterator[str]:
    if _EDGE < len(word) <= _SHORT:
        yield word
        yield from (word[:i] + word[i + 1 :] for i in range(len(word)))


def skeleton(text: str) -> str:
    """Return what a scanner may read alike: `0` and `o`, `1`, `l` and `i`, `rn` and `m`."""
    text = text.translate(_CONFUSED)
    for pair, letter in _CONFUSED_PAIRS:
        text = text.replace(pair, letter)
    return text


def close(token: str, form: str) -> bool:
    """Say whether two nearly alike words are hardly different words: endings, and errors in long words."""
    shorter, longer = sorted((token, form), key=len)
    if longer.startswith(shorter):
        return len(shorter) > _EDGE and len(longer) - len(shorter) <= 2
    if skeleton(token) == skeleton(form) or sorted(token) == sorted(form):
        return True
    return len(shorter) >= _SHORT and token[0] == form[0] and misspelt(token, form)


def inflected(token: str, form: str) -> bool:
    """Say whether two words share a beginning long enough to be forms of one word."""
    shorter, longer = sorted((len(token), len(form)))
    same = zip(token, form, strict=False)
    common = next((i for i, (one, other) in enumerate(same) if one != other), shorter)
    return common >= _EDGE and common >= 0.6 * longer and longer - common <= 5


def misspelt(token: str, form: str) -> bool:
    """Say whether two words differ by an edit in six letters, two swapped ones, or confused ones."""
    bound = max(max(len(token), len(form)) // 6, int(sorted(token) == sorted(form)))
    if token.endswith(form) or form.endswith(token):
        return False  # a prefix often negates: `typical` and `atypical`
    if OSA.distance(token, form, score_cutoff=bound) <= bound:
        return True
    return skeleton(token) == skeleton(form)
