"""Groups of rows by the lines above each group: a row with one cell, an entry, a card of labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from structgen.longdoc.layout.anchors import (
    bullet_of,
    first_form,
    first_word,
    label_of,
    letter_of,
    number_of,
    titled_number,
)
from structgen.longdoc.layout.line_runs import LineRun
from structgen.longdoc.layout.line_words import is_note, is_page_number, is_rule, is_summary
from structgen.longdoc.layout.lines import Lines
from structgen.longdoc.row_needs import RowNeeds
from structgen.longdoc.sections import has_empty, may_go_on

NEAR = 12
"""Lines above the first row, and below the last one, among which heads are looked for."""
MAX_HEAD = 8
"""Lines of a head."""
_EMPHASIS = "*_`|\t;, "
Form = tuple[str, str, int]
"""The kind of a line's beginning, its words or marks, and its indent."""
_WEAK = frozenset({"plain", "word", "code"})
"""Beginnings that lines of other kinds have as well."""


@dataclass(frozen=True)
class HeadGroups:
    """The first lines of groups."""

    heads: tuple[int, ...]
    is_certain: bool
    lines: frozenset[int] = frozenset()
    """All lines of the heads."""


def head_groups(
    lines: Lines, runs: Sequence[LineRun], apart: Collection[int], needs: RowNeeds, depth: int
) -> HeadGroups | None:
    """Return the groups that lines between rows begin; None where no such lines stand there.

    Above the rows of each group stand lines of the same forms. With a `depth` of more than one, there are so
    many levels of one line each, and the outermost level is returned.

    Args:
        lines: the text.
        runs: the rows.
        apart: lines of pages.
        needs: what a row must have: a head must not.
        depth: the number of levels that lines tell.
    """
    blocks = _blocks(lines, runs, apart)
    later = [block for block in blocks.between if block]
    if not later:
        return None
    every = len(later) == len(blocks.between)
    if depth > 1:
        return _levels(lines, blocks, depth)
    forms = [[_form(lines, at) for at in block] for block in later]
    anchor = _common([each[0] for each in forms])
    if anchor is None:
        return None
    first = _first_block(lines, blocks.above, anchor, forms)
    if first is None:
        return None
    is_strong = anchor[0] not in _WEAK
    heads = [first[0]]
    even = len({len(block) for block in later}) == 1 and len(first) == len(later[0])
    for block in later:
        alike = [at for at in block if _is_like(_form(lines, at), anchor)]
        heads += alike if is_strong and not even else block[:1]
    below = _has_others(lines, heads, anchor, runs[-1].stops[-1], apart)
    in_order = even and all(_are_alike(column) for column in zip(*forms, strict=True))
    certain = (is_strong or in_order) and not below
    deeper = all(lines.indents[run.starts[0]] > lines.indents[first[0]] for run in runs if run.starts)
    marked = all(run.kind in {"bullet", "number", "table", "letter"} for run in runs)
    certain = certain and not _may_have_rows(lines, [first, *later], set(heads), needs)
    if every:  # one row in each group: rows of two lines look the same
        certain = certain and is_strong and (deeper or marked)
    if not is_strong:
        certain = certain and not any(needs.hold(lines[at]) for at in heads)
    certain = certain and not may_go_on(_texts(lines, [first, *later], set(heads)))
    all_lines = frozenset(at for block in [first, *later] for at in block)
    return HeadGroups(tuple(heads), certain, all_lines)


def _texts(lines: Lines, blocks: Sequence[Sequence[int]], heads: Collection[int]) -> list[str]:
    """Return what each head says, on all of its lines."""
    texts: list[str] = []
    for at in (at for block in blocks for at in block):
        if at in heads or not texts:
            texts.append("")
        texts[-1] += f"{lines[at]}\n"
    return texts


def _may_have_rows(
    lines: Lines, blocks: Sequence[Sequence[int]], heads: Collection[int], needs: RowNeeds
) -> bool:
    """Return whether lines below heads may be rows: more than most heads have, or with all that rows have."""
    sizes: list[int] = []
    for at in (at for block in blocks for at in block):
        if at in heads or not sizes:
            sizes.append(0)
        elif needs.hold(lines[at]):
            return True
        sizes[-1] += 1
    return max(sizes) > Counter(sizes).most_common(1)[0][0]


def _has_others(lines: Lines, heads: Sequence[int], anchor: Form, stop: int, apart: Collection[int]) -> bool:
    """Return whether lines like the heads stand above the first one, or below the last rows."""
    if anchor[0] in _WEAK:
        return has_empty(lines, heads, "plain", stop, apart)
    others = [*range(1, heads[0]), *range(stop, len(lines))]
    return any(at not in apart and _is_like(_form(lines, at), anchor) for at in others)


@dataclass(frozen=True)
class _Blocks:
    """The lines that are no rows: above the first row, between rows, below the last one."""

    above: list[int]
    between: list[list[int]]
    below: list[int]


def _blocks(lines: Lines, runs: Sequence[LineRun], apart: Collection[int]) -> _Blocks:
    rows = sorted((start, stop) for run in runs for start, stop in zip(run.starts, run.stops, strict=True))
    headers = {at for run in runs if run.header for at in range(*run.header)}
    titles = {lines[at] for at in headers}

    def others(start: int, stop: int) -> list[int]:
        return [
            at for at in range(start, stop) if at not in headers and _may_be_head(lines, at, apart, titles)
        ]

    between = [others(one[1], other[0]) for one, other in pairwise(rows)]
    first, last = rows[0][0], rows[-1][1]
    return _Blocks(others(max(0, first - NEAR), first), between, others(last, min(len(lines), last + NEAR)))


def _may_be_head(lines: Lines, at: int, apart: Collection[int], titles: Collection[str]) -> bool:
    text = lines[at]
    if at in apart or text in titles or len(text) > 200:
        return False
    bare = text.strip(_EMPHASIS)
    return bool(bare) and not (is_rule(text) or is_summary(bare) or is_note(bare) or is_page_number(text))


def _first_block(
    lines: Lines, above: list[int], anchor: Form, forms: Sequence[Sequence[Form]]
) -> list[int] | None:
    """Return the head of the first group: the last lines above its rows that are like the others."""
    sizes = Counter(map(len, forms))
    size = max(sizes, key=lambda each: (sizes[each], each))
    if len(above) >= size and _is_like(_form(lines, above[-size]), anchor) and len(sizes) == 1:
        return above[-size:]
    alike = [index for index, at in enumerate(above) if _is_like(_form(lines, at), anchor)]
    if not alike or anchor[0] in _WEAK or len(above) - alike[-1] > MAX_HEAD:
        return None
    return above[alike[-1] :]


def _levels(lines: Lines, blocks: _Blocks, depth: int) -> HeadGroups | None:
    """Return the outermost of several levels, each a line of its own form."""
    if len(blocks.above) < depth:
        return None
    chain = [_coarse(_form(lines, at)) for at in blocks.above[-depth:]]
    if len(set(chain)) < depth:
        return None
    heads, used = [blocks.above[-depth]], set(blocks.above[-depth:])
    certain = True
    for block in blocks.between:
        forms = [_coarse(_form(lines, at)) for at in block]
        used.update(block)
        certain = certain and (not forms or forms == chain[-len(forms) :])
        heads += [at for at, form in zip(block, forms, strict=True) if form == chain[0]]
    certain = certain and not any(_coarse(_form(lines, at)) in chain for at in blocks.below)
    return HeadGroups(tuple(heads), certain, frozenset(used))


def _form(lines: Lines, at: int) -> Form:
    """Return how a line begins, without the marks of emphasis and of cells around it."""
    text, indent = lines[at], lines.indents[at]
    if text.startswith("#"):
        return "marks", text[: len(text) - len(text.lstrip("#"))], indent
    text = text.strip(_EMPHASIS) if not text.startswith(("* ", "_ ")) else text
    if text[:1] in "[<({>=~":
        return "frame", text[:1], indent
    if (bullet := bullet_of(text)) is not None:
        return "bullet", bullet, indent
    if number_of(text) is not None:
        return "number", "", indent
    if letter_of(text) is not None:
        return "letter", "", indent
    if titled := titled_number(text):
        return "titled", titled[0], indent
    if label := label_of(text):
        return "label", label, indent
    if (word := first_word(text)) is not None:
        return "word", word, indent
    if form := first_form(text):
        return "code", form, indent
    return "plain", "", indent


def _coarse(form: Form) -> Form:
    return form if form[0] in {"marks", "bullet", "number", "letter", "frame"} else ("plain", "", form[2])


def _common(forms: Sequence[Form]) -> Form | None:
    """Return the form that lines have in common, also without their words; None if they have none."""
    if len(set(forms)) == 1:
        form = forms[0]
        # the same word before different names is as good as a label
        return ("titled", form[1], form[2]) if form[0] == "word" and len(forms) > 1 else form
    coarse = {_coarse(form) for form in forms}
    return coarse.pop() if len(coarse) == 1 else None


def _is_like(form: Form, anchor: Form) -> bool:
    if anchor[0] == "titled":
        return form[0] in {"titled", "word"} and form[1:] == anchor[1:]
    return form == anchor or _coarse(form) == anchor


def _are_alike(forms: Sequence[Form]) -> bool:
    return len({_coarse(form) for form in forms}) == 1
