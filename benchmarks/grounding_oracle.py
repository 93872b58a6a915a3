"""Judges places on generated documents: a finder that knows the notations, and the figures."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from grounding_documents import HELD_OUT, STYLES, generate
from grounding_rendering import NOTATIONS, Document

import structgen
from structgen.evidence.grounding.leaves import Leaf, leaves
from structgen.evidence.grounding.placement import choose
from structgen.evidence.grounding.places import Place
from structgen.evidence.source import Source
from structgen.types import Evidence


def forms(value: object) -> set[str]:
    """Return the texts that say a value in any notation of the generated documents."""
    texts: set[str] = set()
    for notation in NOTATIONS:
        if isinstance(value, bool):
            texts.add(notation.truth[0 if value else 1])
        elif isinstance(value, int | float):
            texts |= {notation.number(value), notation.number(value, 2)}
            if value < 0:
                texts |= {mark.format(notation.number(-value, 2)) for mark in ("-{}", "({})", "{}-", "{} CR")}
        else:
            text = str(value)
            texts.add(text)
            if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                texts.add(notation.day(text))
    return texts


def places(document: Document, leaf: Leaf) -> list[Place]:
    """Return where the document says the value of a leaf."""
    found = {}
    for form in sorted(forms(leaf.value), key=len, reverse=True):
        number = isinstance(leaf.value, int | float) and not isinstance(leaf.value, bool)
        edges = (
            (r"(?<![\w,.'\u202f-])", r"(?![\w'\u202f]|[.,]\d|-(?!\w))") if number else (r"(?<!\w)", r"(?!\w)")
        )
        if not form[0].isalnum() or not form[-1].isalnum():
            edges = ("", "")
        for match in re.finditer(edges[0] + re.escape(form) + edges[1], document.text):
            found.setdefault(match.span(), "exact" if form == str(leaf.value) else "value")
    spans = sorted(found)
    inner = {a for a in spans for b in spans if a != b and b[0] <= a[0] and a[1] <= b[1]}
    return [Place(*span, found[span]) for span in spans if span not in inner]


def overlap(evidence: Evidence, truth: tuple[int, int]) -> bool:
    """Whether the place is the true one: the union holds at most twice what both share."""
    if evidence.start is None or evidence.end is None:
        return False
    shared = min(evidence.end, truth[1]) - max(evidence.start, truth[0])
    return shared > 0 and shared / (max(evidence.end, truth[1]) - min(evidence.start, truth[0])) >= 0.5


@dataclass
class Figures:
    """Counts of one style."""

    leaves: int = 0
    right: int = 0
    unsaid: int = 0
    """Places whose text does not say the value in any notation of the documents."""
    in_items: int = 0
    in_rows: int = 0


def judge(document: Document, evidence: Sequence[Evidence], found: Sequence[Leaf], figures: Figures) -> None:
    """Count the right places of a document, and the leaves of items that stand in their row."""
    for leaf, one in zip(found, evidence, strict=True):
        figures.leaves += 1
        figures.right += overlap(one, document.truths[leaf.pointer])
        if one.start is None:
            continue
        figures.unsaid += not _says(document.text[one.start : one.end], leaf.value)
        row = document.rows.get(leaf.pointer.rsplit("/", 1)[0])
        if row is not None:
            figures.in_items += 1
            figures.in_rows += row[0] <= one.start < row[1]


def _says(text: str, value: object) -> bool:
    plain = [re.sub(r"[\W_]+", "", one).lower() for one in (text, *forms(value))]
    return text in forms(value) or (plain[0] != "" and plain[0] in plain[1:])


def report(documents: Iterable[Document], own_finder: bool) -> None:
    """Print the figures by style: with all places given, or with those that the finders find."""
    styles: dict[str, Figures] = defaultdict(Figures)
    for document in documents:
        found = list(leaves(document.value))
        if own_finder:
            given = [places(document, leaf) for leaf in found]
            evidence = choose(found, given, Source(document.text))
        else:
            proofs = structgen.ground(document.value, None, document.text)
            evidence = [proofs[leaf.pointer] for leaf in found]
        judge(document, evidence, found, styles[document.style])
    for name in sorted(styles):
        _print(name, styles[name])
    total = Figures(*(sum(column) for column in zip(*map(astuple, styles.values()), strict=True)))
    _print("all", total)


def _print(name: str, figures: Figures) -> None:
    rows = f"{figures.in_rows / figures.in_items:7.2%}" if figures.in_items else "      -"
    right = f"{figures.right / max(1, figures.leaves):7.2%}"
    shown = f"{name:20} {figures.leaves:7} leaves, right place {right}, in their row {rows}"
    print(f"  {shown}, unsaid {figures.unsaid}")


def generated(count: int, seed: int) -> None:
    """Print the figures of generated documents: of the styles that placement was made with, and of others."""
    for title, styles in (("styles", STYLES), ("other styles", HELD_OUT)):
        documents = generate(count, seed, styles)
        for own_finder in (True, False):
            print(f"{count} documents, {title}, places {'all given' if own_finder else 'searched'}:")
            report(documents, own_finder)
