r"""Escapes of malformed texts are decoded, or all backslashes stay, and doubt is told."""

from __future__ import annotations

import json
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.parsing.tolerant.escapes import Escaped, read_escapes
from structgen.parsing.tolerant.quotes import QUOTES

TEXTS = st.text() | st.text(alphabet="ab \\\"'/\n\t\r\b\f\0é😀\ud83d\ude00un")


@given(TEXTS, st.booleans())
def test_json_escapes_decode_to_the_string(text: str, ascii_only: bool) -> None:
    r"""The JSON of a string decodes to it, without doubt unless it has `\b`, `\f` or a command of LaTeX."""
    raw = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
    escaped = read_escapes(raw)
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert escaped.is_json != escaped.is_literal
    assert (escaped.value if escaped.is_json else escaped.other) == whole
    if not set("\b\f") & set(text) and not escaped.is_literal:
        assert escaped.other is None


@given(TEXTS, st.booleans())
def test_escapes_of_a_json_text_are_trusted(text: str, ascii_only: bool) -> None:
    """A string of a text that is JSON but for its end reads as JSON reads it."""
    escaped = read_escapes(json.dumps(text, ensure_ascii=ascii_only)[1:-1], trusted=True)
    assert escaped.is_json
    assert escaped.value == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


PROSE = st.text(alphabet=string.ascii_uppercase + string.digits + " .,:;!?é😀'\"()[]{}/-\\\n")


@given(PROSE)
def test_prose_decodes_without_doubt(text: str) -> None:
    """The JSON of prose, which has no tab and no control character, has one reading."""
    assert read_escapes(json.dumps(text)[1:-1]) == Escaped(text, True)
    assert read_escapes(json.dumps("See " + text.lower())[1:-1]) == Escaped("See " + text.lower(), True)


@given(TEXTS)
def test_javascript_escapes_decode_to_the_string(text: str) -> None:
    """All characters as JavaScript escapes them decode: code points, bytes, quotes and NUL."""
    short = {"\0": "\\x00", "'": "\\'", "`": "\\`", "\\": "\\\\", '"': '\\"', "\n": "\\n"}
    raw = "".join(
        short.get(c) or (f"\\x{ord(c):02x}" if ord(c) < 256 else f"\\u{{{ord(c):X}}}") for c in text
    )
    escaped = read_escapes(raw)
    assert escaped.value == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert escaped.other is None


NAMES = st.text(alphabet=string.ascii_letters + string.digits + "_-", min_size=1, max_size=8)
NO_ESCAPES = "acdeghijklmopqswyzACDEFGHIJKLMNOPQRSTVWXYZ"
"""Letters after which a backslash is no escape in any language read here: a path or pattern has one."""


@given(
    st.sampled_from(["C:", "d:", "..", ".", "\\\\\\server", "src", "%TEMP%"]),
    st.lists(NAMES, max_size=3),
    st.sampled_from(NO_ESCAPES),
    st.lists(NAMES, max_size=3),
)
def test_paths_stay(root: str, before: list[str], letter: str, after: list[str]) -> None:
    """A path in which one backslash is no escape keeps all of them."""
    path = "\\".join([root, *before, letter + "x", *after])
    escaped = read_escapes(path)
    assert escaped.is_literal
    assert escaped.value == path.replace("\\\\", "\\")


PIECES = st.sampled_from(
    [r"\b", r"\n", r"\t", r"\r", r"\f", r"\v", "[a-z]+", "foo", "(x|y)", "^", "$", "é", r"\/"]
)


@given(
    st.lists(PIECES),
    st.sampled_from([r"\d", r"\s*", r"\w+", r"\.", r"\(", r"\S", r"\$", r"\1", r"\p{L}"]),
    st.lists(PIECES),
)
def test_patterns_stay(before: list[str], sure: str, after: list[str]) -> None:
    """A regular expression with an escape of its own keeps all backslashes."""
    pattern = "".join([*before, sure, *after])
    escaped = read_escapes(pattern)
    assert escaped.is_literal
    assert escaped.value == pattern


COMMANDS = st.sampled_from(
    ["\\frac{1}{2}", "\\beta", "\\times ", "\\theta", "\\rho", "\\nabla f", "\\vec{x}", "\\text{if }", "\\begin{x}",
     "\\bar{u}", "\\right)", "\\neq 0", "\\forall x", "\\varphi"]
)  # fmt: skip


@given(st.lists(COMMANDS, min_size=1), st.sampled_from(["", "$", "x = "]))
def test_latex_stays(commands: list[str], start: str) -> None:
    """Commands of LaTeX keep their backslashes; where all could be escapes, that is doubtful."""
    formula = start + " + ".join(commands)
    escaped = read_escapes(formula)
    assert escaped.value == formula
    assert escaped.is_literal
    assert escaped.other is not None
    assert read_escapes(formula.replace("\\", "\\\\")) == Escaped(formula, True)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (r"\frac{1}{2} \times \alpha", r"\frac{1}{2} \times \alpha"),
        (r"^\s*\bfoo", r"^\s*\bfoo"),
        (r"..\src\bar\new", r"..\src\bar\new"),
        (r"C:\Users\new", r"C:\Users\new"),
        (r"C:\users\u1234", r"C:\users\u1234"),
        (r"\documents\john", r"\documents\john"),
        (r"\d+", r"\d+"),
        (r"\u12", r"\u12"),
        (r"^\/api\/\d+$", r"^\/api\/\d+$"),
        (r"\"quoted\" \\ \d", r'"quoted" \ \d'),
        ("C:\\dir\\", "C:\\dir\\"),
        (r"\u{110000}", r"\u{110000}"),
        (r"\033[0m", r"\033[0m"),
    ],
)
def test_backslashes_that_can_be_no_escapes_stay(raw: str, value: str) -> None:
    """All backslashes stay without doubt where one can be no escape, and none is surely one."""
    assert read_escapes(raw) == Escaped(value, False, is_literal=True)


@pytest.mark.parametrize(
    ("raw", "value", "other"),
    [
        (r"line one\nline two \d+", r"line one\nline two \d+", "line one\nline two \\d+"),
        (r"It costs \$5.\nThanks", r"It costs \$5.\nThanks", "It costs \\$5.\nThanks"),
        (r"caf\u00e9 \d", r"caf\u00e9 \d", "café \\d"),
        (r"it\'s \d", r"it\'s \d", "it's \\d"),
        (r"$\frac{a}{b} \\times \beta$", r"$\frac{a}{b} \times \beta$", "$\frac{a}{b} \\times \beta$"),
        (r"C:\temp\newfile", r"C:\temp\newfile", "C:\temp\newfile"),
        (r"foo\b", r"foo\b", "foo\b"),
    ],
)
def test_backslashes_that_may_be_escapes_are_doubtful(raw: str, value: str, other: str) -> None:
    """Backslashes stay, and the other reading is told, where the string may have escapes."""
    assert read_escapes(raw) == Escaped(value, False, is_literal=True, other=other)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (r"it\'s \`a\`", "it's `a`"),
        (r"\x41\0", "A\0"),
        (r"\u{1F600}\u{00041}", "😀A"),
        (r"\U0001F600", "😀"),
        ("one \\\n two \\\r\nthree", "one  two three"),
        (r"a \„b\“", "a „b“"),
        (r"\ud83d\u{DE00}", "😀"),
    ],
)
def test_escapes_of_other_languages_decode(raw: str, value: str) -> None:
    """JavaScript's escapes decode, without doubt, and are not JSON's."""
    assert read_escapes(raw) == Escaped(value, False)


def test_a_command_is_doubtful_in_a_json_text() -> None:
    r"""The escapes of `\frac` and `C:\temp` are decoded in JSON, and the other reading is told."""
    assert read_escapes(r"\frac{1}{2}", trusted=True) == Escaped("\frac{1}{2}", True, other=r"\frac{1}{2}")
    assert read_escapes(r"C:\temp", trusted=True) == Escaped("C:\temp", True, other=r"C:\temp")
    assert read_escapes(r"\frac \d", trusted=True).is_literal


def test_control_characters_apart_from_text_decode() -> None:
    """Escapes of control characters without text beside them decode, and are doubtful."""
    raw = r"\b\f\n\r\t\v\0"
    assert read_escapes(raw) == Escaped("\b\f\n\r\t\v\0", False, other=raw)


def test_a_line_end_between_two_words_stays() -> None:
    """A backslash before a line end joins two words hardly ever."""
    assert read_escapes("first\\\nsecond") == Escaped("first\nsecond", False, other="firstsecond")


@pytest.mark.parametrize("quote", QUOTES)
def test_a_backslash_before_the_delimiter_never_stays(quote: str) -> None:
    """The quote around the string is escaped in it, also beside literal backslashes."""
    assert read_escapes(f"\\{quote}a\\{quote} \\d", quote=quote).value == f"{quote}a{quote} \\d"


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\n", "\t", "\r", "\f", "\x1f", "\x7f"])
def test_control_characters_are_kept(control: str) -> None:
    """What stands in the text stands in the value."""
    assert read_escapes(f"a{control}b") == Escaped(f"a{control}b", True)
    assert read_escapes(f"a{control}\\nB").value == f"a{control}\nB"


@pytest.mark.parametrize("raw", [r"x\ud83d", r"x\ude00", "x\ud83d", r"x\u{d83d}"])
def test_an_unpaired_surrogate_is_replaced(raw: str) -> None:
    """Half a character becomes U+FFFD."""
    assert read_escapes(raw).value == "x\ufffd"


@given(st.text(alphabet="ab\\\"'\n😀\x01"), st.integers(0, 80))
def test_a_cut_string_reads_as_a_prefix(text: str, length: int) -> None:
    """A text cut at any character, within an escape too, gives a prefix of the string."""
    raw = json.dumps(text)[1:-1]
    value = read_escapes(raw[:length], cut=True).value
    assert text.startswith(value)
    assert len(raw) - len(json.dumps(value)[1:-1]) <= max(0, len(raw) - length) + 11


@pytest.mark.parametrize(
    "end", ["\\", r"\u", r"\u0", r"\u00", r"\u00e", r"\ud83d", r"\ud83d\u", r"\ud83d\ude", r"\x4", r"\u{1F"]
)
def test_an_escape_that_the_text_cuts_is_dropped(end: str) -> None:
    """An incomplete escape at the end of a cut text is dropped; after an escaped backslash it is none."""
    assert read_escapes("x" + end, cut=True).value == "x"
    assert read_escapes("x\\\\" + end, cut=True).value == "x\\"
    after_backslash = read_escapes("x\\" + end, cut=True).value
    assert after_backslash == "x" + (end if end.count("\\") == 1 else end[:6])


@given(TEXTS | st.text(alphabet="\\ux0dD8{}nbf\"'\n "), st.booleans(), st.sampled_from(QUOTES))
def test_every_raw_text_has_a_value(raw: str, cut: bool, quote: str) -> None:
    """Every text decodes to one that UTF-8 can encode, and another reading has another value."""
    escaped = read_escapes(raw, cut=cut, quote=quote)
    escaped.value.encode()
    assert escaped.other != escaped.value
    assert not (escaped.is_json and escaped.is_literal)


@pytest.mark.parametrize(
    "piece", ["\\", "\\u", "\\u{0", "\\n a", "C:\\", "\\a", "\\t", "\\x", "\\ud83d", "\\\n"]
)
@pytest.mark.parametrize("cut", [False, True])
def test_repetitive_escapes_take_linear_time(piece: str, cut: bool) -> None:
    """A hundred thousand characters of escapes are read in a fraction of a second."""
    raw = piece * (100_000 // len(piece))
    started = time.perf_counter()
    for end in ("", " x", "\\d"):
        read_escapes(raw + end, cut=cut)
    assert time.perf_counter() - started < 10
