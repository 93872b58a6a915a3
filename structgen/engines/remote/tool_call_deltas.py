"""Write the structured tool calls of a streamed answer as text in Hermes' tags."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from structgen import json_text

OPEN, CLOSE = "<tool_call>\n", "\n</tool_call>\n"


@dataclass
class _Call:
    """A call whose pieces are still arriving."""

    index: Any
    id: str = ""
    name: str = ""
    arguments: str = ""


class ToolCallDeltas:
    """Collects the `tool_calls` members of deltas; a call is written once, when it is whole."""

    def __init__(self) -> None:
        self._call: _Call | None = None

    @property
    def held(self) -> int:
        """Characters of the call that is not whole yet."""
        return 0 if self._call is None else len(self._call.name) + len(self._call.arguments)

    def feed(self, deltas: Any) -> str:
        """Take the member of one delta; return the text of the calls that it completes."""
        text = ""
        for delta in deltas or ():
            if self._begins(delta):
                text += self.end(cut=False)
                self._call = _Call(delta.get("index"))
            self._extend(delta)
        return text

    def end(self, *, cut: bool) -> str:
        """Return the text of the last call; without its closing tag where the budget cut it."""
        call, self._call = self._call, None
        if call is None:
            return ""
        whole = not cut or _is_json(call.arguments)
        return call_text(call.name, call.arguments or "{}") if whole else _opening(call.name, call.arguments)

    def _begins(self, delta: Mapping[str, Any]) -> bool:
        """Return whether the delta belongs to another call than the last one.

        Some servers number all calls 0, or none: a piece with a name then begins a call, unless it repeats
        the id of the last one.
        """
        last = self._call
        if last is None or delta.get("index") != last.index:
            return True
        named = bool((delta.get("function") or {}).get("name"))
        identity = delta.get("id")
        return named and bool(last.name) and (identity is None or identity != last.id)

    def _extend(self, delta: Mapping[str, Any]) -> None:
        call, function = self._call, delta.get("function") or {}
        if call is None:
            return
        call.id = call.id or _text(delta.get("id"))
        call.name = call.name or _text(function.get("name"))
        arguments = function.get("arguments")
        call.arguments += json_text.dumps(arguments) if isinstance(arguments, dict) else _text(arguments)


def call_text(name: str, arguments: str) -> str:
    """Return a call in its tags; `arguments` is JSON text, or the malformed text that a model wrote."""
    return f"{_opening(name, arguments)}}}{CLOSE}"


def _opening(name: str, arguments: str) -> str:
    # A closing tag inside of a string of the arguments stays the same JSON value, and is no tag.
    escaped = arguments.replace("</tool_call>", "<\\/tool_call>")
    return f'{OPEN}{{"name": {json.dumps(name, ensure_ascii=False)}, "arguments": {escaped}'


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("a tool call has a member that is not a string")
    return value


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
