"""Read the text of one tool call: its name and its arguments, or why it is malformed."""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from structgen import json_text

_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_NAME = re.compile(r"""["']?\bname["']?\s*[:=]\s*["']([^"'\\\s]+)["']""")
_ARGUMENTS = re.compile(r"""["']?\b(?:arguments|parameters)["']?\s*[:=]\s*""")


@dataclass(frozen=True, slots=True)
class ParsedCall:
    """A tool call as the model wrote it.

    `arguments` is JSON text, an object in a sound call: the tool's schema judges it. In a malformed call
    `fault` says what is wrong, `name` is None where none can be read, and `arguments` is the text to repair.
    """

    name: str | None
    arguments: str
    fault: str | None = None


def parse_call(text: str) -> ParsedCall:
    """Parse the text between the tags of a call.

    Arguments stay as they were written. Missing ones, null and the empty string are `{}`, and a string that
    holds a JSON object is taken as this object. `parameters` may stand for `arguments`, as in Llama 3's
    calls, and the call may stand in a member `function`, as in OpenAI's.
    """
    text = text.strip().removeprefix(json_text.BYTE_ORDER_MARK)
    try:
        value = json_text.loads(text)
        members = _members(text) if isinstance(value, dict) else {}
    except ValueError as error:
        return _malformed(text, str(error))
    if not isinstance(value, dict):
        return _malformed(text, "a call is an object with the members name and arguments")
    if isinstance(value.get("function"), dict) and "name" not in value:
        value, members = value["function"], _members(members["function"])
    name = value.get("name")
    if not isinstance(name, str) or not name:
        return _malformed(text, "the call has no name: its member name must be a string")
    key = "arguments" if "arguments" in value else "parameters"
    return ParsedCall(name, _arguments(value.get(key), bytes(members.get(key, b"")).decode()))


def _arguments(value: object, text: str) -> str:
    """Return the JSON text of the arguments; `text` is their `value` as it was written."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return "{}"
    if isinstance(value, str):
        try:
            if isinstance(json_text.loads(value), dict):
                return value.strip()
        except json_text.JsonError:
            return text
    return text


def _malformed(text: str, fault: str) -> ParsedCall:
    """Read the name that stands before the arguments, else the last one behind them."""
    arguments = _ARGUMENTS.search(text)
    before, behind = (text, "") if arguments is None else (text[: arguments.start()], text[arguments.end() :])
    names = _NAME.findall(before)[:1] or _NAME.findall(behind)[-1:]
    return ParsedCall(names[0] if names else None, behind or text, fault)
