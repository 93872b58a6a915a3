"""Decoding: bytes become text, and every byte that is lost has a fix."""

import pytest

import structgen
from structgen.parsing.decoding import decode


@pytest.mark.parametrize(
    "text",
    [b'{"a": "\xc3\xa9"}', b'\xef\xbb\xbf{"a": "\xc3\xa9"}', '{"a": "é"}'.encode("utf-16")],
    ids=["utf-8", "utf-8 with a mark", "utf-16"],
)
def test_bytes_are_decoded(text: bytes) -> None:
    """Bytes are decoded as UTF-8, or as UTF-16 after a byte order mark."""
    assert structgen.repair(text).value == {"a": "é"}


def test_invalid_bytes_have_a_fix_each() -> None:
    """Each invalid sequence becomes U+FFFD with a fix; after a hundred, one fix covers the rest."""
    text, fixes = decode(b"a\xffb\xff")
    assert (text, [(fix.start, fix.end) for fix in fixes]) == ("a\ufffdb\ufffd", [(1, 2), (3, 4)])
    text, fixes = decode(b"\xff" * 150)
    assert (len(text), len(fixes), fixes[-1].start, fixes[-1].end) == (150, 101, 100, 150)


def test_a_byte_order_mark_keeps_positions() -> None:
    """A byte order mark becomes a space, so that positions stay those of the given text."""
    assert decode("\ufeff{}")[0] == " {}"
