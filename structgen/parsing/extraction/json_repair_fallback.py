"""A second opinion: the json-repair package, on short texts and for a short time."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import Any

from structgen import json_text

LONGEST = 20_000
"""Characters: some texts take it time that grows with their square."""
SECONDS = 0.5


class _Late(BaseException):
    pass


def second_opinion(text: str) -> Any:
    """The container that json-repair reads; None where there is none, or none in time."""
    if len(text) > LONGEST:
        return None
    from json_repair import loads  # here, where nothing ends it half-way

    found: list[Any] = []
    thread = threading.Thread(target=_read, args=(loads, text, found), daemon=True)
    thread.start()
    thread.join(SECONDS)
    if thread.is_alive() and thread.ident is not None:
        # Pure Python, so that an exception can end it wherever it is.
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_Late))
        thread.join(SECONDS)
        return None
    return found[0] if found else None


def _read(loads: Callable[..., Any], text: str, found: list[Any]) -> None:
    try:
        value = loads(text, skip_json_loads=True)
        json_text.dumps(value)
    except (_Late, Exception):
        return
    if isinstance(value, dict | list) and value:
        found.append(value)
