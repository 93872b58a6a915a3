"""Numbers stay within a double while they are written, token by token."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.engines.guidance.number_range import JsonScanner, NumberRangeMask


@pytest.mark.parametrize(
    ("text", "piece", "fits"),
    [
        ("[1e30", "8", True),
        ("[1e30", "9", False),
        ("[1e", "999", False),
        ("[-2E+3", "08", False),
        ("[1e-9999", "9", True),
        ('["1e30', "9", True),
        ('["\\"1e30', "9", True),
        ('["\\\\",1e30', "9", False),
        ("[" + "9" * 4299, "9", True),
        ("[" + "9" * 4300, "9", False),
        ("[" + "9" * 309, ".", False),
        ("[" + "9" * 308, ".", True),
        ("[true,fals", "e", True),
        ("[1e308,", "1e308", True),
    ],
)  # fmt: skip
def test_a_piece_that_would_leave_the_range(text: str, piece: str, fits: bool) -> None:
    """A piece that takes a number out of range does not fit, except within a string."""
    written = JsonScanner()
    written.take(text.encode())
    assert written.fits(piece.encode()) is fits
    assert written.fits(piece.encode()) is fits, "asking changes nothing"


@given(st.recursive(st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(), st.lists))
def test_no_json_that_can_be_read_is_refused(value: object) -> None:
    """All JSON of finite numbers fits, byte by byte."""
    written = JsonScanner()
    assert all(written.take(bytes([byte])) for byte in json.dumps(value).encode())


PIECES = [b"0", b"9", b"99", b"e", b"E", b"-", b"+", b".", b",", b"e9", b"1e999", b"E400", b'"', b"x", b"e30"]


@given(st.lists(st.sampled_from([*PIECES, b"9" * 50]), max_size=12))
def test_the_mask_forbids_what_does_not_fit(written: list[bytes]) -> None:
    """The mask forbids exactly the tokens that do not fit, and none inside a string."""
    text, ranges = JsonScanner(), NumberRangeMask(PIECES)
    for piece in written:
        if not text.fits(piece):
            break
        text.take(piece)
    fitting = [token for token, piece in enumerate(PIECES) if not text.fits(piece)]
    assert sorted(ranges.forbidden(text)) == ([] if text.quoted else fitting)
