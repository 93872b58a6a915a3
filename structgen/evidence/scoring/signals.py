"""All signals of the leaves of an answer that need no model, by their names."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.scoring.answer import Answer
from structgen.evidence.scoring.place_signals import place_signals
from structgen.evidence.scoring.row_signals import RowSignals
from structgen.evidence.scoring.value_signals import value_signals

DESCRIPTIONS = {
    "is_empty": "1 for null and for a text of white space",
    "is_default": "1 for zero, and for words such as N/A, which may stand for nothing",
    "is_boolean": "1 for true and false",
    "is_number": "1 for a number",
    "is_choice": "1 where the schema lists the values",
    "word_count": "logarithm of 1 + the words of a text that the schema does not list",
    "misses_format": "1 for a text that is no ISO date where the schema asks for one",
    "asks_prose": "1 where name or description ask for running text: a summary, a reason",
    "list_length": "logarithm of 1 + the values in the same column",
    "new_characters": "share of a text's characters that the source does not have",
    "empty_but_labelled": "for an empty value, the share of its label's words that the source has",
    "kind_exact": "1 where the source has the same characters",
    "kind_normalised": "1 where the source has the same words",
    "kind_value": "1 where the source has the same value in another notation",
    "kind_fuzzy": "1 where the source has nearly the same words",
    "kind_none": "1 where the source does not say the value",
    "candidates": "logarithm of 1 + the places that say the value equally well",
    "words_found": "share of a text's words that the source has",
    "pairs_found": "share of a text's words beside each other that stand so in the source",
    "in_prompt_only": "1 for a text that the prompt, an example or the schema has and the source has not",
    "begins_clean": "1 where the place begins a line or follows a mark of punctuation, 0 within a text",
    "ends_clean": "1 where the place ends a line or a mark of punctuation follows, 0 where the text goes on",
    "label_near": "share of the words of the member's name that stand before the place or on its line",
    "shared_place": "1 where the place overlaps that of a leaf in another column",
    "answer_said": "share of all leaves whose value the source surely says",
    "row_said": "the same share among the leaves of the same item",
    "column_said": "the same share among the leaves of the same member in all items",
    "row_distance": "lines between the place and the middle of its row, ten or more as 1",
    "row_is_total": "1 in a row whose number sums up those before it, or is given outside of the list too",
    "repeats": "share of the other items that have the same value",
    "out_of_order": "1 in an item that stands before the one before it in the source, or after the one after",
}
"""The signals by name. Those of an engine, such as `token_probability`, stand beside them where known."""


def signals(answer: Answer) -> dict[str, dict[str, float]]:
    """Return the signals of each leaf by its JSON Pointer."""
    rows = RowSignals(answer)
    return {leaf.pointer: own | rows.of(leaf) for leaf, own in _own_signals(answer)}


def _own_signals(answer: Answer) -> Iterator[tuple[Leaf, dict[str, float]]]:
    """Yield each leaf with the signals of its value and place; those of equal ones are found out once."""
    values: dict[Hashable, dict[str, float]] = {}
    places: dict[Hashable, dict[str, float]] = {}
    for leaf in answer.leaves:
        value = (type(leaf.value), leaf.value, leaf.names, bool(leaf.row), *map(id, leaf.schemas))
        own = values.get(value)
        if own is None:
            own = values[value] = value_signals(leaf, answer)
        proof = answer.evidence.get(leaf.pointer)
        place = (value, leaf.pointer in answer.overlapped) if proof is None else (
            value, leaf.pointer in answer.overlapped, proof.kind, proof.start, proof.end, proof.candidates
        )  # fmt: skip
        around = places.get(place)
        if around is None:
            around = places[place] = place_signals(leaf, answer)
        yield leaf, own | around
