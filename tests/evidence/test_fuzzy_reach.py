"""A search of words is given up only where no stretch of the text can have enough of them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.evidence.grounding.fuzzy import ROUNDING, Hit, _can_reach

_hits = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 3), st.sampled_from([1.0, 3.2, 4.0, 6.4, 8.0])), max_size=12
).map(lambda drawn: sorted((at, at + length, "word", gain) for at, length, gain in drawn))


@settings(deadline=None)
@given(_hits, st.integers(1, 20), st.floats(0.0, 40.0))
def test_a_search_goes_on_where_enough_words_stand_close_together(
    hits: list[Hit], width: int, least: float
) -> None:
    """Any hits within the width whose gains reach the least sum are enough to go on."""
    for first in range(len(hits)):
        for last in range(first, len(hits)):
            gain = sum(hit[3] for hit in hits[first : last + 1])
            is_close = first == last or hits[last][1] - hits[first][0] <= width
            if is_close and gain + ROUNDING >= least:
                assert _can_reach(hits, width, least, 8.0)
