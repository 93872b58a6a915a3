"""What llguidance does for every engine: grammars compiled once, ways to the end, the text as it grows."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from structgen.errors import InvalidSchema


def refusal(schema: Mapping[str, Any] | bool) -> InvalidSchema | None:
    """Why no grammar can be built of a lowered schema; None also where llguidance is not installed."""
    if find_spec("llguidance"):
        from structgen.engines.guidance.grammar import check

        try:
            check(schema)
        except InvalidSchema as error:
            return error
    return None
