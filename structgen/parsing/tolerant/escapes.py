r"""Decode the escapes of a string in a malformed text, or keep its backslashes, and say how sure that is.

Escapes are those of JSON, and beside them JavaScript's. Paths, regular expressions and LaTeX are often
written without doubled backslashes. One backslash that can be no escape shows it, and then all stay:
`^\s*\bfoo`, `C:\Users\new`. So do `\b`, `\f` and `\v` beside other text: hardly any text means these
control characters.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from structgen.parsing.tolerant.parse_result import ParseError
from structgen.parsing.tolerant.quotes import QUOTES

_HEX = "[0-9a-fA-F]"
_ESCAPE = re.compile(
    rf"""(?P<backslashes>(?:\\\\)++)
    |\\(?:(?P<json>["/bfnrt]|u{_HEX}{{4}})
        |(?P<line>\r\n|[\n\r\u2028\u2029])
        |(?P<lenient>[{QUOTES}v]|0(?!\d)|x{_HEX}{{2}}|u\{{0*(?:10{_HEX}{{4}}|{_HEX}{{1,5}})\}}|U000{_HEX}{{5}}|U0010{_HEX}{{4}})
        |(?P<none>[\s\S]?))""",
    re.VERBOSE,
)
"""A run of escaped backslashes, or a backslash with what it may escape."""
_CHARACTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}
_CUT_ESCAPE = re.compile(rf"\\(?:u(?:{_HEX}{{0,3}}|\{{{_HEX}{{0,6}})|x{_HEX}?)?\Z")
_CUT_PAIR = re.compile(rf"\\u[dD][89abAB]{_HEX}{{2}}\Z")
"""The first of two escapes that make one character."""
_TAIL = 10
"""Characters that the longest cut escape may have."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_COMMAND = re.compile(
    r"\\(?:n(?:abla|eq|otin)|r(?:angle|ho|ight[a-z]*)|t(?:anh|extbf|extit|ext(?=\{)|frac|herefore|heta"
    r"|ilde|imes|riangle))(?![A-Za-z])"
)
r"""Commands of LaTeX that begin like an escape, and do not end in a word: not `\tan`, a tab and `an`."""
_PATH = re.compile(r"[A-Za-z]:(?!\\u[0-9a-fA-F]{4})(?=\\[a-z]{2})(?:\\[^\s\\\"]++)++\\?")
r"""A path whose first name is in small letters, `C:\temp\x`: in `A:\nYes` a line ends."""
_PATH_START = re.compile(r"(?:[A-Za-z]:|\.{1,2}|\\)\\")
_LINE_START = re.compile(r"[A-Z\s]|\Z|[-*#>•] |\d+[.)] |\\[nrt]")
_COLUMN_START = re.compile(r"[A-Z0-9\s]|\Z")
_WORD_END = frozenset(".,:;!?)")


class Escaped(NamedTuple):
    """The value of the raw text between the quotes of a string, and how it was read."""

    value: str
    is_json: bool
    """Whether all escapes are those of JSON, and were decoded."""
    is_literal: bool = False
    """Whether backslashes stand for themselves, except before a quote or a backslash."""
    other: str | None = None
    """The value of another plausible reading; None where there is none."""


def read_escapes(raw: str, *, cut: bool = False, quote: str = '"', trusted: bool = False) -> Escaped:
    r"""Return the value of the raw text between two quotes.

    Control characters that stand in it are kept, and an unpaired surrogate becomes U+FFFD.

    Args:
        raw: the text, in which each `quote` has a backslash before it, or is part of the string.
        cut: whether the text ends within the string. An incomplete escape at its end is dropped.
        quote: the quote that opens the string: a backslash before it never stays.
        trusted: whether the text around is JSON, except that it may be cut. Where all escapes are those of
            JSON they are decoded then, also `\f` in `\frac`.
    """
    if cut:
        raw = _without_cut_escape(raw)
    if "\\" not in raw:
        return Escaped(_paired(raw), True)
    reading = _Reading(raw)
    if reading.has_other:
        return _chosen(_literal(raw, quote), _decoded(raw) if reading.is_mixed else None, is_literal=True)
    is_command = reading.has_command or _PATH.fullmatch(raw) is not None
    if is_command and (reading.is_lenient or not trusted):
        return _chosen(_literal(raw, quote), _decoded(raw), is_literal=True)
    other = None
    if is_command or reading.has_control:
        other = _literal(raw, quote)
    elif reading.has_line:
        other = _decoded(raw, between_words="")
    return _chosen(_decoded(raw), other, is_json=not reading.is_lenient)


def check_escapes(raw: str, start: int, *, cut: bool, is_whole: bool) -> None:
    r"""Raise `ParseError` for an escape that cannot be meant, such as `\uZZZ`.

    `start` is the position of the raw text, for errors. `is_whole`: the string is the whole value. Then
    control characters, and `\u` with too few digits, are refused too: a text without containers must be JSON.
    """
    if is_whole and (control := _CONTROL.search(raw)):
        raise ParseError("a control character in a string", start + control.start())
    if "\\u" not in raw or _ANY_PATH_START.match(raw):
        return
    if is_whole:
        raw = _without_cut_escape(raw) if cut else raw
        nones = (escape for escape in _ESCAPE.finditer(raw) if escape["none"] == "u")
        bad = next((none for none in nones if not _WORD_AFTER_U.match(raw, none.end())), None)
    else:
        bad = _BAD_UNICODE.search(raw)
    if bad:
        raise ParseError("a \\u escape without four hexadecimal digits", start + bad.start())


_CONTROL = re.compile(r"[\x00-\x07\x0e-\x1a\x1c-\x1f]")
_ANY_PATH_START = re.compile(r"(?:[A-Za-z]:|\.{1,2}|\\?\\\w+)\\")
_BAD_UNICODE = re.compile(r"(?<!\\)(?:\\\\)*+\\u(?![0-9a-fA-F{]|[a-z]{3})")
_WORD_AFTER_U = re.compile(r"(?=[a-z]{3})[a-f]{0,3}[g-z]")
"""The rest of `\\users`, `\\underline`, where no escape was meant."""


class _Reading:
    """What the backslashes of a raw text show."""

    __slots__ = ("has_command", "has_control", "has_line", "has_other", "is_lenient", "is_mixed")

    def __init__(self, raw: str) -> None:
        self.has_other = False
        """Whether a backslash can be no escape."""
        self.is_mixed = False
        """Whether an escape is likely meant as one."""
        self.has_command = False
        r"""Whether the letter of an escape starts a command instead: `\frac`, `\theta`, `foo\b`."""
        self.has_control = self.has_line = self.is_lenient = False
        is_path, before = _PATH_START.match(raw) is not None, 0
        for escape in _ESCAPE.finditer(raw):
            kind, after = escape.lastgroup, escape.end()
            if kind == "none":
                self.has_other = True
            elif kind == "json" or kind == "lenient":
                self.is_lenient |= kind == "lenient"
                name = escape[kind]
                if name in "bfv":
                    self.has_control = True
                    self.has_command |= _touches_text(escape, before)
                elif name in "nrt" and _COMMAND.match(raw, escape.start()):
                    self.has_command = True
                elif not self.is_mixed:
                    self.is_mixed = _is_likely(escape, name, before, is_path)
            elif kind == "line":
                self.is_lenient = True
                self.has_line |= _is_between_words(escape)
            before = after


def _is_likely(escape: re.Match[str], name: str, before: int, is_path: bool) -> bool:
    r"""Return whether an escape is likely meant as one in a string where another backslash is none.

    `before` is where the text since the last backslash starts: `\alpha\nu`, `\src\new` have one word there.
    """
    raw, start, after = escape.string, escape.start(), escape.end()
    if name == "n" and _LINE_START.match(raw, after):
        return True
    if name in ("r", "t") and _COLUMN_START.match(raw, after):
        return True
    if is_path:
        return False
    if name == "n" and start > before:
        last = raw[start - 1]
        return (last.isalnum() or last in _WORD_END) and _has_space(raw, before, start)
    return len(name) == 5 or (name in QUOTES and name != '"' and _is_between_words(escape))


def _has_space(raw: str, start: int, stop: int) -> bool:
    return any(raw.find(space, start, stop) >= 0 for space in " \n\t")


def _touches_text(escape: re.Match[str], before: int) -> bool:
    """Return whether a letter follows an escape, or other text directly precedes it."""
    raw, start, after = escape.string, escape.start(), escape.end()
    return raw[after : after + 1].isalpha() or (start > before and not raw[start - 1].isspace())


def _is_between_words(escape: re.Match[str]) -> bool:
    raw, start, after = escape.string, escape.start(), escape.end()
    return raw[start - 1 : start].isalnum() and raw[after : after + 1].isalnum()


def _chosen(value: str, other: str | None, *, is_json: bool = False, is_literal: bool = False) -> Escaped:
    return Escaped(value, is_json, is_literal, None if other == value else other)


def _decoded(raw: str, between_words: str = "\n") -> str:
    """Decode all escapes, and keep the other backslashes.

    A backslash before a line end joins the lines, as in JSON5. Between two words it stands for
    `between_words`: a line end was most likely meant there.
    """

    def character(escape: re.Match[str]) -> str:
        kind = escape.lastgroup
        if kind == "none":
            return escape[0]
        if kind == "backslashes":
            return "\\" * (len(escape[0]) // 2)
        if kind == "line":
            return between_words if _is_between_words(escape) else ""
        name = escape[0][1:]
        if len(name) == 1:
            return _CHARACTERS.get(name, name)
        return chr(int(name[1:].strip("{}"), 16))

    return _paired(_ESCAPE.sub(character, raw))


def _literal(raw: str, quote: str) -> str:
    """Keep all backslashes but those before a quote or a backslash."""
    quotes = ('"', quote)

    def character(escape: re.Match[str]) -> str:
        if escape["backslashes"]:
            return "\\" * (len(escape[0]) // 2)
        return escape[0][1:] if escape[0][1:] in quotes else escape[0]

    return _paired(_ESCAPE.sub(character, raw))


def _paired(text: str) -> str:
    """Join surrogates to characters; unpaired ones become U+FFFD."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _without_cut_escape(raw: str) -> str:
    """Drop an incomplete escape at the end, or the first half of a surrogate pair."""
    if raw.find("\\", -_TAIL) < 0:
        return raw
    for pattern in (_CUT_ESCAPE, _CUT_PAIR):
        if match := pattern.search(raw, max(0, len(raw) - _TAIL)):
            run = raw[: match.start() + 1]
            if (len(run) - len(run.rstrip("\\"))) % 2:  # an even run is escaped backslashes
                raw = raw[: match.start()]
    return raw
