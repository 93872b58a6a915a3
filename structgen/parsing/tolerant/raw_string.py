"""Read the value of a string whose ends are known, once its reading was chosen."""

from __future__ import annotations

import re
from typing import NamedTuple

from structgen import json_text
from structgen.parsing.tolerant.escapes import check_escapes, read_escapes
from structgen.parsing.tolerant.parse_result import Fix, FixKind

_new = tuple.__new__
"""Makes a named tuple in a third of the time that its class takes."""
_SPECIAL = re.compile(r'[\\"\x00-\x1f]')
_JSON_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
_SWALLOWED_MEMBER = re.compile(r"""(?<!\\)"\s*[,;]\s*["']?[\w $-]{0,40}["']?\s*[:=]""")
"""A quote, and what may be the next member, within a string."""


class RawString(NamedTuple):
    """A string that stands between `start` and `stop`; reading goes on at `end`."""

    start: int
    stop: int
    end: int
    quote: str
    """The opening quote, directly before `start`."""
    closed: bool
    """Whether a quote closes the string."""
    cut: bool = False
    """Whether the text ends within the string."""

    def check(self, text: str, *, is_whole: bool) -> None:
        """Raise `ParseError` for an escape that cannot be meant; `is_whole` as for `check_escapes`."""
        check_escapes(text[self.start : self.stop], self.start, cut=self.cut, is_whole=is_whole)

    def read(self, text: str, *, trusted: bool) -> tuple[str, str | None, Fix | None]:
        """Return the value, the value of another plausible reading of its escapes, and the fix, if any.

        `trusted`: the text is JSON, except that it may be cut.
        """
        start, stop, end, quote, closed, cut = self
        raw = text[start:stop]
        json_quotes = closed and quote == '"' and text[end - 1] == '"'
        if json_quotes and not _SPECIAL.search(raw):
            return raw, None, None
        value, other = raw, None
        if "\\" in raw or not raw.isascii():
            value, _, _, other = read_escapes(raw, cut=cut, quote=quote, trusted=trusted)
        if json_quotes and (trusted or other is None) and _is_json_string(text[start - 1 : end]):
            return value, None, None
        kind: FixKind
        if cut:
            kind = "cut"
        elif not closed:
            kind = "unquoted-end"
        elif "\ufffd" in value and "\ufffd" not in raw:  # an unpaired surrogate was lost
            kind = "encoding"
        elif '"' in raw and quote not in "'`" and _SWALLOWED_MEMBER.search(raw):
            kind = "unquoted-end"
        else:
            kind = "escape" if json_quotes else "quotes"
        return value, other, _new(Fix, (kind, start - 1, end, json_text.dumps(value), other is not None))


def _is_json_string(literal: str) -> bool:
    if _JSON_STRING.fullmatch(literal) is None:
        return False
    if "\\u" not in literal:
        return True
    try:
        return isinstance(json_text.loads(literal), str)
    except json_text.JsonError:
        return False
