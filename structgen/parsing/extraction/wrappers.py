"""Remove the encoding of a whole text: escapes, entities, doubled braces, doubled quotes."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from structgen.parsing.extraction.doubled_quotes import with_escaped_quotes, with_single_quotes
from structgen.parsing.tolerant.parse_result import FixKind

_BRACE = re.compile(r"[{}]")
_ESCAPED = re.compile(r'\s*+(?:[{\[]\s*+(?:\\[nrt]\s*+)*+)*+\\++"')
"""The beginning of JSON whose quotes have backslashes, perhaps several."""
_RAW_QUOTE = re.compile(r'(?<!\\)"')
_QUOTE_ENTITY = re.compile(r"[{\[,:]\s*(?:&quot;|&#34;|&#x22;)", re.IGNORECASE)
_MAX_LEVELS = 4
"""Times that a text may have been escaped."""


class Rewritten(NamedTuple):
    """A text without its encoding, and the kind of the fix that covers all of it."""

    text: str
    kind: FixKind
    doubtful: bool = False
    """Whether the text may be meant as it is."""


def rewritings(text: str) -> Iterator[Rewritten]:
    """Yield the text that an encoding hides: escaped, in entities, or with doubled braces or quotes."""
    if "\\" in text and _ESCAPED.match(text):
        yield Rewritten(_unescaped(text), "escape")
    if "&" in text and _QUOTE_ENTITY.search(text) and '"' not in text:
        yield Rewritten(html.unescape(text), "escape")
    if (plain := with_single_quotes(text)) is not None:
        yield Rewritten(plain, "quotes")
    elif (plain := with_escaped_quotes(text)) is not None:
        yield Rewritten(plain, "escape", doubtful=True)
    if text.lstrip(" \t\r\n[")[:2] == "{{" and not _BRACE.search(text.replace("{{", "").replace("}}", "")):
        yield Rewritten(text.replace("{{", "{").replace("}}", "}"), "bracket")


def _unescaped(text: str) -> str:
    for _ in range(_MAX_LEVELS):
        if not _ESCAPED.match(text):
            break
        text = _unescaped_once(text)
    return text


def _unescaped_once(text: str) -> str:
    """Return what a JSON string of this content holds; decode quotes alone where it is malformed."""
    if _RAW_QUOTE.search(text) is None:
        try:
            unescaped = str(json.loads(f'"{text}"', strict=False))
            unescaped.encode()  # fails for an unpaired surrogate
            return unescaped
        except ValueError:
            pass
    return re.sub(r'\\(["\\/])', r"\1", text)
