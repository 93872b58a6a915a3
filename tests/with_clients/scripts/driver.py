"""The frame of every client: it answers lines `{"cell": NAME, "arguments": []}` on standard input, one JSON line each.

A script runs in its client's environment, so it imports the client and its neighbours here, and nothing of ours.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

BASE_URL, KEY, MODEL = os.environ["BASE_URL"], os.environ["API_KEY"], os.environ["MODEL"]
WRONG_KEY = "not-the-key"
LONG = "one word after another " * 2000
"""A text that no context of the tests' model holds."""
SEEDS = range(40)
"""Seeds that are tried where only some answers of random weights show what is asked."""
Cell = Callable[..., dict[str, Any]]
CELLS: dict[str, Cell] = {}
"""The functions of a client by the name of their cell."""


def cell(feature: str, mode: str) -> Callable[[Cell], Cell]:
    """Register a function as the cell `FEATURE-MODE` of this client.

    Its arguments come with the request: the address of a service with a scripted engine, where it needs one.
    """

    def register(function: Cell) -> Cell:
        CELLS[f"{feature}-{mode}"] = function
        return function

    return register


def first_with(attempt: Callable[[int], Any]) -> Any:
    """Return the first result of `attempt(seed)` that is not None."""
    for seed in SEEDS:
        result = attempt(seed)
        if result is not None:
            return result
    raise AssertionError(f"none of {len(SEEDS)} seeds gave what is asked")


def refused(call: Callable[[], Any], *kinds: type[BaseException]) -> dict[str, Any]:
    """Return what the user sees of the error that the call raises."""
    try:
        reply = call()
    except kinds as error:
        return shown(error)
    raise AssertionError(f"no error, but {reply!r:.500}")


def shown(error: BaseException, status: int | None = None) -> dict[str, Any]:
    """Return what a user of the client sees of an error."""
    told = getattr(error, "status_code", None) if status is None else status
    return {"error": {"type": type(error).__name__, "message": str(error), "status": told}}


def serve() -> None:
    """Answer until standard input ends; what clients print goes to standard error."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = {"result": CELLS[asked["cell"]](*asked["arguments"])}
        except Exception:
            answer = {"fault": traceback.format_exc()}
        print(json.dumps(answer), file=out, flush=True)
