"""Parse a text with the json-repair package: a second opinion on short texts, within a time limit.

json-repair drops what it cannot place. A value that lost a word of the text is no opinion.
"""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Callable
from typing import Any

from structgen import json_text
from structgen.parsing.extraction.kept_words import keeps_words

_EMPTY = re.compile(r"""\"\"|''|“”""")
MAX_LENGTH = 20_000
"""Characters: json-repair takes quadratic time for some texts."""
TIMEOUT_S = 0.5


class _TimedOut(BaseException):
    """Raised in the thread that parses, when its time is up."""


def parse_with_json_repair(text: str) -> Any:
    """Return the container that json-repair reads; None where it reads none in time, or loses a word."""
    if len(text) > MAX_LENGTH:
        return None
    from json_repair import loads  # imported outside of the thread, which may end at any instruction

    values: list[Any] = []
    thread = threading.Thread(target=_parse, args=(loads, text, values), daemon=True)
    thread.start()
    thread.join(TIMEOUT_S)
    if thread.is_alive() and thread.ident is not None:
        # json-repair is pure Python, so that an exception can end it anywhere.
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_TimedOut))
        thread.join(TIMEOUT_S)
        return None
    if not values or not keeps_words(text, values[0]):
        return None
    empty = json_text.dumps(values[0]).count('""')  # it writes one for a value that is missing
    return values[0] if empty <= len(_EMPTY.findall(text)) else None


def _parse(loads: Callable[..., Any], text: str, values: list[Any]) -> None:
    try:
        value = loads(text, skip_json_loads=True)
        json_text.dumps(value)
    except (_TimedOut, Exception):
        return
    if isinstance(value, dict | list) and value:
        values.append(value)
