"""Read strings: every quote may end one, be part of it, or be missing."""

from __future__ import annotations

import json
import re
import textwrap

from structgen import json_text
from structgen.parsing.tolerant import costs
from structgen.parsing.tolerant import readings as r
from structgen.parsing.tolerant.context import QUOTES
from structgen.parsing.tolerant.frames import Frame
from structgen.parsing.tolerant.parse_result import ParseError
from structgen.parsing.tolerant.raw_string import RawString
from structgen.parsing.tolerant.readings import Reading
from structgen.parsing.tolerant.scan import COMMENT, Scan, scalar_cost

DOUBLE_QUOTES, SINGLE_QUOTES = '“”„"«»', "'‘’‚`´"
_TRIPLE = '"""'
_FENCE = re.compile(r"```[^\n`\"]*\n?")
_DOUBLED = re.compile(r'""([^"\\\n,:{}\[\]][^"\\\n]*)"{1,2}(?=\s*[,}\]])')
"""A string whose opening quote is written twice."""
_SPECIAL = re.compile(r'[\\"\x00-\x1f]')
_QUOTES_AND_ESCAPES = {
    quotes: re.compile(rf"\\.|[{re.escape(quotes)}]", re.DOTALL)
    for quotes in ('"', "'", DOUBLE_QUOTES, SINGLE_QUOTES)
}
_PLUS = re.compile(rf"(?:\s|{COMMENT.pattern})*\+(?:\s|{COMMENT.pattern})*(?=[{QUOTES}])", re.DOTALL)
_NEXT_KEY = (
    r"""\s*+(?:"[^"\n]{0,100}+"|'[^'\n]{0,100}+'|[“‘][^”’\n]{0,100}+[”’]|[A-Za-z_$][\w$-]{0,60}+)\s*+[:：]"""
)
_AFTER = rf"[ \t\r]*+(?:[\n}}\])`;]|\Z|,(?:\s*+[{{\[]|{_NEXT_KEY}))"
_SCALAR = r"(?:-?\d[\d.eE+-]{0,30}+|true|false|null|True|False|None)"
_CLEAN_MEMBER = re.compile(rf"\s*+(?:,{_NEXT_KEY}|,?\s*+\}}{_AFTER})")
_CLEAN_ITEM = re.compile(
    rf"""\s*+(?:,\s*+(?:"(?:[^"\\]|\\.){{0,300}}+"\s*+[,\]]|'(?:[^'\\]|\\.){{0,300}}+'\s*+[,\]]|[{{\[]|{_SCALAR}\s*+[,\]])"""
    rf"|,?\s*+\]{_AFTER})"
)
_CLEAN_KEY = re.compile(r"\s*+[:：](?!:)")
_CLEAN_TOP = re.compile(rf"\s*+(?:\Z|[,;]|\n|\+\s*[{QUOTES}])")
_BARE_KEY_BEFORE = re.compile(r"[,;]\s*[A-Za-z_$][\w$-]{0,60}\s*:\s*\Z")
_COMMENT_BEFORE = re.compile(r"/\*[^*]{0,100}\*/\s*\Z")
_KEY_END = re.compile(r"[^\n\"{}\[\],]{0,80}?(?=\s*[:：])")
_CLOSERS_AT_END = re.compile(r"[\s}\]`;,]+\Z")
_NEXT_MEMBER = re.compile(rf"\s*[,\n](?={_NEXT_KEY})")
_ITEM_END = re.compile(r"\s*[,\]\n]")
_MAX_KEY = 200
"""Characters of an item that may be a key: a colon may follow it."""
_MAX_INNER_QUOTES = 100
_LOOKBACK = 200
"""Characters before a quote in which a missing quote may have stood."""
_ANY_QUOTE = re.compile(rf"\\?[{QUOTES}]")
_decoder = json.JSONDecoder()


def read_string(scan: Scan, reading: Reading, quote: str) -> None:
    """Begin to read the string that `quote`, the next character, opens."""
    text, at = scan.text, reading.at
    if reading.phase != r.KEY:
        if quote == '"' and text.startswith(_TRIPLE, at) and (stop := text.find(_TRIPLE, at + 3)) >= 0:
            _read_triple_quoted(scan, reading, stop)
            return
        if quote == '"' and text.startswith('""', at) and (doubled := _DOUBLED.match(text, at)):
            replace_by_string(scan, reading, doubled.end(), doubled[1], costs.STRAY_QUOTE)
            return
        if quote == "`" and text.startswith("```", at):
            _read_fenced(scan, reading)
            return
    reading.start, reading.quote, reading.inner_open, reading.back = at + 1, quote, False, reading.phase
    reading.quotes = 0
    reading.phase, reading.at = r.STRING, at + 1
    read_on(scan, reading)


def read_on(scan: Scan, reading: Reading) -> None:
    """Read to the next quote of the open string, and end the string there, or fork."""
    text, at = scan.text, -1
    for match in _QUOTES_AND_ESCAPES[_closing_quotes(reading.quote)].finditer(text, reading.at):
        if match[0][0] != "\\":
            at = match.start()
            break
    if at < 0:
        if not scan.strict and reading.at == reading.start:
            _fork_other_quote(scan, reading, scan.end)
        _end_without_quote(scan, reading)
        return
    if scan.strict or (not reading.inner_open and _is_clean(scan, reading, at)):
        end_string(scan, reading, at, at + 1)
        return
    first = reading.at == reading.start
    if reading.quotes < _MAX_INNER_QUOTES:
        _fork_inner_quote(scan, reading, at)
    _fork_missing_quote(scan, reading, at)
    if first:
        _fork_other_quote(scan, reading, at)
    if first and text[reading.start] in "{[":
        _fork_embedded(scan, reading)
    if reading.inner_open:
        reading.cost += costs.UNPAIRED_INNER_QUOTE
    if reading.frame is None:
        reading.cost += costs.TEXT_AFTER_STRING
    elif text[at + 1 : at + 2].isalnum():
        reading.cost += costs.WORD_AT_QUOTE
    if text[at - 1] == "," and at - 1 > reading.start and reading.back in (r.VALUE, r.ITEM):
        _fork_comma_in_quotes(scan, reading, at)
    end_string(scan, reading, at, at + 1)


def _is_clean(scan: Scan, reading: Reading, at: int) -> bool:
    """Whether what follows the quote at `at` leaves no doubt that it ends the string."""
    text = scan.text
    if reading.back == r.KEY:
        return _CLEAN_KEY.match(text, at + 1) is not None and "\n" not in text[reading.start : at]
    if reading.frame is None:
        return _CLEAN_TOP.match(text, at + 1) is not None
    clean = _CLEAN_MEMBER if reading.frame.is_object else _CLEAN_ITEM
    return clean.match(text, at + 1) is not None


def _fork_inner_quote(scan: Scan, reading: Reading, at: int) -> None:
    """Let another reading take the quote at `at` for a part of the string."""
    text = scan.text
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    inner_open = reading.inner_open
    begins = (bool(after.strip()) and after not in ",]}:") or text[at + 2 : at + 3] == text[at]
    opens = begins and (at == reading.start or before in " \t\n([{=:,>-/\\")
    closes = not before.isspace() and (not after.strip() or not (after.isalnum() or after in "_{["))
    if reading.quote in SINGLE_QUOTES and before.isalpha() and after.isalpha():
        cost = costs.INNER_CLOSING_QUOTE
    elif inner_open and closes:
        cost, inner_open = costs.INNER_CLOSING_QUOTE, False
    elif inner_open and (after in ",.;:)]}" or after.isspace()):
        cost, inner_open = 2 * costs.INNER_CLOSING_QUOTE, False
    elif opens and not inner_open:
        cost, inner_open = costs.INNER_OPENING_QUOTE, True
    elif before.isdigit():
        cost = costs.INNER_INCHES
    else:
        cost = costs.INNER_QUOTE
    other = scan.fork(reading, cost)
    other.at, other.inner_open, other.quotes = at + 1, inner_open, reading.quotes + 1


def _fork_missing_quote(scan: Scan, reading: Reading, at: int) -> None:
    """Let another reading end the string before the quote at `at`, which then opens the next string."""
    text, start = scan.text, reading.start
    if reading.back == r.KEY:
        if end := _KEY_END.match(text, start, at):
            _end_missing(scan, reading, end.end())
        return
    if reading.frame is None:
        return
    head = text[max(start, at - _LOOKBACK) : at]
    if head[-2:].rstrip()[-1:] in (":", "/"):  # a bare key, or a comment, before the quote
        head = _COMMENT_BEFORE.sub("", _BARE_KEY_BEFORE.sub("", head))
    bare = head.rstrip(" \t\r\n,;}][{")
    marks = text[max(start, at - _LOOKBACK) + len(bare) : at]
    if not marks.strip(" \t\r[{"):
        return
    stop = max(start, at - _LOOKBACK) + len(bare)
    if marks[0] in "}]" and ("{" in head or "[" in head):  # the bracket may be part of the string
        _end_missing(scan, reading, stop + len(marks) - len(marks.lstrip("}]")))
    _end_missing(scan, reading, max(stop, reading.at if reading.at > start else start))


def _end_missing(scan: Scan, reading: Reading, stop: int) -> None:
    if reading.start < stop or reading.back != r.KEY:
        other = scan.fork(reading, costs.MISSING_CLOSING_QUOTE)
        end_string(scan, other, stop, stop, closed=False)


def _fork_other_quote(scan: Scan, reading: Reading, at: int) -> None:
    """Let another reading end the string at a quote of another kind, or at one with a backslash."""
    text, start = scan.text, reading.start
    own = _closing_quotes(reading.quote)
    for match in _ANY_QUOTE.finditer(text, start, min(at, start + _LOOKBACK)):
        stop = match.start()
        c = text[match.end() - 1]
        escaped = match[0][0] == "\\"
        if (c in own) == escaped and _is_clean(scan, reading, match.end() - 1):
            other = scan.fork(reading, costs.MIXED_QUOTES)
            keeps = escaped and "\\" in text[start:stop]
            end_string(scan, other, stop + keeps, match.end())
            return


def _fork_comma_in_quotes(scan: Scan, reading: Reading, at: int) -> None:
    """Let another reading take the comma before the quote at `at` for the one behind the string."""
    if reading.frame is None:
        return
    other = scan.fork(reading, costs.COMMA_IN_QUOTES)
    end_string(scan, other, at - 1, at + 1)
    other.phase, other.comma_at = (r.KEY if reading.frame.is_object else r.ITEM), r.NO_COMMA


def _fork_embedded(scan: Scan, reading: Reading) -> None:
    """Let another reading take JSON whose quotes are not escaped for the string."""
    try:
        _, end = _decoder.raw_decode(scan.text, reading.start)
    except (ValueError, RecursionError):
        return
    if scan.text[end : end + 1] == reading.quote and _is_clean(scan, reading, end):
        other = scan.fork(reading, costs.EMBEDDED_JSON)
        end_string(scan, other, end, end + 1)


def _end_without_quote(scan: Scan, reading: Reading) -> None:
    """End a string that no quote closes: the text was cut, or the quote is missing."""
    text, start = scan.text, reading.start
    if reading.back == r.KEY:
        if not scan.strict:
            if end := _KEY_END.match(text, start):
                _end_missing(scan, reading, end.end())
            if reading.at > start or text[-20:].rstrip()[-1:] in ("}", "]"):
                reading.cost += costs.SWALLOWED_BRACKETS
        end_text_in_key(scan, reading)
        return
    if not scan.strict and reading.frame is not None:
        _fork_missing_at_end(scan, reading, reading.frame)
    backslash = text.endswith("\\") and not text.endswith("\\\\")
    end_string(scan, reading, scan.end - backslash, scan.end, closed=False, cut=True)


def _fork_missing_at_end(scan: Scan, reading: Reading, frame: Frame) -> None:
    """Let other readings end the string before the brackets at the text's end, or before a comma."""
    text, start = scan.text, reading.start
    closers = _CLOSERS_AT_END.search(text, max(start, scan.end - _LOOKBACK))
    end = (_NEXT_MEMBER if frame.is_object else _ITEM_END).search(text, start)
    stop = end.start() if end else -1
    extra = penalty = 0.0
    if closers and frame.closing and (at := text.find(frame.closing, closers.start())) >= 0:
        if "," in text[start : closers.start()] and (not frame.is_object or end is not None):
            extra = costs.SWALLOWED_ITEM
        if not text[closers.start() : at].strip(" \t\r\n,;"):
            other = scan.fork(reading, costs.MISSING_CLOSING_QUOTE + extra)
            end_string(scan, other, closers.start(), closers.start(), closed=False)
            penalty = costs.SWALLOWED_BRACKETS
    if end and (closers is None or stop != closers.start()):
        other = scan.fork(reading, costs.MISSING_CLOSING_QUOTE)
        end_string(scan, other, stop, stop, closed=False)
    reading.cost += penalty


def end_text_in_key(scan: Scan, reading: Reading) -> None:
    """Go to the end of the text, which cuts a key: the key is left out."""
    reading.phase, reading.key = r.KEY, None
    reading.key_at = reading.start - 1
    reading.at = scan.end


def end_string(
    scan: Scan, reading: Reading, stop: int, end: int, *, closed: bool = True, cut: bool = False
) -> None:
    """Take the characters from the opening quote to `stop` for the string, and go on at `end`."""
    text, start, quote, back = scan.text, reading.start, reading.quote, reading.back
    if not closed and scan.strict and not cut:
        raise ParseError("not a cut JSON text", start)
    if quote != '"' or not closed or text[end - 1] != '"':
        if scan.strict and quote != '"':
            raise ParseError("not a cut JSON text", start)
        reading.cost += costs.OTHER_QUOTES
    if text.find("\n", start, stop) >= 0:
        reading.cost += costs.RAW_LINE_END
    string = RawString(start, stop, end, quote, closed, cut)
    if back == r.KEY:
        raw = text[start:stop]
        if (raw and not (quote == '"' == text[end - 1] and closed)) or _SPECIAL.search(raw):
            key, _, fix = string.read(text, trusted=scan.strict)
            if fix is not None:
                # A backslash in a key is hardly meant: `date\_range`.
                reading.events.append((r.FIX, *fix[:4], "\\" in key))
        else:
            key = raw
        reading.phase, reading.key, reading.key_at, reading.at = r.COLON, key, start - 1, end
        return
    if cut:
        reading.events.append((r.MARK_CUT,))
    reading.events.append((r.PUT_STRING, string, back == r.CONCATENATED))
    reading.at = end
    frame = reading.frame
    if frame is not None:
        if frame.expect is not None:
            expect = (
                frame.expect.member(reading.key or "") if frame.is_object else frame.expect.item(frame.count)
            )
            reading.cost += scalar_cost(expect, text[start:stop] if expect.choices is not None else "")
        if not frame.is_object:
            reading.key, reading.key_at = text[start:stop] if stop - start < _MAX_KEY else None, start - 1
    scan.end_value(reading)
    if text[end : end + 1] not in "\"'},]" and not scan.strict and (plus := _PLUS.match(text, end)):
        _begin_concatenated(scan, reading, plus.end())


def _begin_concatenated(scan: Scan, reading: Reading, at: int) -> None:
    """Begin to read the string at `at`, which `+` adds to the one before."""
    scan.replace(reading, "concatenation", at, "", costs.CALL)
    reading.start, reading.quote, reading.inner_open, reading.quotes = at + 1, scan.text[at], False, 0
    reading.back, reading.phase, reading.at = r.CONCATENATED, r.STRING, at + 1


def _read_triple_quoted(scan: Scan, reading: Reading, stop: int) -> None:
    value = scan.text[reading.at + 3 : stop]
    if "\n" in value:
        value = textwrap.dedent(value.strip("\n")).strip("\n").rstrip()
    replace_by_string(scan, reading, stop + 3, value)


def replace_by_string(scan: Scan, reading: Reading, end: int, value: str, cost: float = costs.CALL) -> None:
    """Put a string in place of the characters up to `end`."""
    opening = reading.at
    scan.replace(reading, "quotes", end, json_text.dumps(value), cost)
    scan.put(reading, value, end)
    reading.key, reading.key_at = value, opening


def _read_fenced(scan: Scan, reading: Reading) -> None:
    """Skip a fence that opens a block of JSON; take other fenced text as a string."""
    text = scan.text
    fence = _FENCE.match(text, reading.at)
    inside = fence.end() if fence else reading.at + 3
    first = text[inside : inside + 100].lstrip()[:1]
    if first in ("{", "[") and "json" in text[reading.at : inside]:
        scan.replace(reading, "fence", inside, "", costs.FENCE)
        return
    stop = text.find("```", inside)
    end = stop + 3 if stop >= 0 else scan.end
    content = text[inside : stop if stop >= 0 else end]
    replace_by_string(scan, reading, end, textwrap.dedent(content.rstrip()), costs.FENCE)


def _closing_quotes(quote: str) -> str:
    """Return the quotes that can close a string which `quote` opened."""
    if quote in "\"'":
        return quote
    return DOUBLE_QUOTES if quote in DOUBLE_QUOTES else SINGLE_QUOTES
