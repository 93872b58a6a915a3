"""The tools of a request, and its choice among them, in all forms that clients send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from structgen.api.openai.options import FunctionBody, ToolBody
from structgen.chat.turn import NamedTool, ToolChoice
from structgen.server.openai.requested_turn import Findings, RequestedSchema, RequestedTool
from structgen.suggestions import did_you_mean

_NO_ARGUMENTS = {"type": "object", "properties": {}}
_NO_OBJECTS = {"array", "boolean", "integer", "null", "number", "string"}
"""Types without objects; the check of the schema refuses unknown ones."""
_FORMS = '"none", "auto", "required", or {"type": "function", "function": {"name": "…"}}'
Tools = tuple[RequestedTool, ...]


def requested_tools(given: Sequence[ToolBody], findings: Findings) -> Tools:
    """Return the functions of the member `tools`."""
    tools = []
    for index, tool in enumerate(given):
        pointer = f"/tools/{index}"
        if tool.type != "function":
            message = f"a tool of type {tool.type[:40]!r} is not supported: give functions"
            findings.fault(f"{pointer}/type", message)
        elif tool.function is not None:
            tools.append(_tool(tool.function.name, tool.function, f"{pointer}/function"))
        elif tool.name is not None:
            tools.append(_tool(tool.name, tool, pointer))
        else:
            findings.fault(f"{pointer}/function", "is missing: give name and parameters", "missing")
    return _distinct(tools, findings)


def requested_functions(given: Sequence[FunctionBody], findings: Findings) -> Tools:
    """Return the functions of the old member `functions`."""
    tools = [_tool(one.name, one, f"/functions/{index}") for index, one in enumerate(given)]
    return _distinct(tools, findings)


def _tool(name: str, given: FunctionBody | ToolBody, pointer: str) -> RequestedTool:
    parameters = _NO_ARGUMENTS if given.parameters in (None, True) else given.parameters
    if isinstance(parameters, dict) and "type" not in parameters:
        parameters = {"type": "object", **parameters}
    schema = RequestedSchema(parameters, f"{pointer}/parameters")
    return RequestedTool(name, given.description or "", schema)


def _distinct(tools: list[RequestedTool], findings: Findings) -> Tools:
    """Report names that two tools share, and arguments that are not objects."""
    names: set[str] = set()
    for tool in tools:
        definition, pointer = tool.parameters.definition, tool.parameters.pointer
        if tool.name in names:
            at = f"{pointer.removesuffix('/parameters')}/name"
            findings.fault(at, f"two tools are called {tool.name[:80]!r}: give each a name of its own")
        names.add(tool.name)
        kinds = definition.get("type") if isinstance(definition, dict) else None
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if definition is False or (set(map(str, kinds)) <= _NO_OBJECTS and kinds):
            findings.fault(pointer, 'arguments are an object: give a schema with "type": "object"', "type")
    return tuple(tools)


def chosen_tools(tools: Tools, given: Any, pointer: str, findings: Findings) -> tuple[Tools, ToolChoice]:
    """Return the tools that may be called, and the choice among them."""
    if isinstance(given, dict) and given.get("type") == "allowed_tools":
        return _allowed(tools, given, pointer, findings)
    return tools, _choice(tools, given, pointer, findings)


def _choice(tools: Tools, given: Any, pointer: str, findings: Findings) -> ToolChoice:
    if given is None or given in ("auto", "none"):
        return "none" if given == "none" else "auto"
    if given in ("required", "any"):
        if not tools:
            findings.fault(pointer, "a call is required, and there are no tools: give `tools`")
        return "required"
    named = _named(given)
    if named is None:
        findings.fault(pointer, f"is none of the known forms: give {_FORMS}")
        return "auto"
    name, place = named
    _check_name(name, tools, f"{pointer}{place}", findings)
    return NamedTool(name)


def _named(given: Any) -> tuple[str, str] | None:
    """Return the name of a function and its place, in OpenAI's forms for chats, responses and old calls."""
    if not isinstance(given, dict):
        return None
    function = given.get("function")
    if isinstance(function, dict) and isinstance(function.get("name"), str):
        return function["name"], "/function/name"
    if given.get("type", "function") == "function" and isinstance(given.get("name"), str):
        return given["name"], "/name"
    return None


def _check_name(name: str, tools: Tools, pointer: str, findings: Findings) -> None:
    names = [tool.name for tool in tools]
    if name not in names:
        hint = did_you_mean(name, names) or f"; there are: {', '.join(names) or 'none'}"
        findings.fault(pointer, f"there is no tool {name[:80]!r}{hint[:500]}")


def _allowed(
    tools: Tools, given: dict[str, Any], pointer: str, findings: Findings
) -> tuple[Tools, ToolChoice]:
    """Return the tools that `allowed_tools` names, with its mode."""
    body, place = given, pointer
    if isinstance(given.get("allowed_tools"), dict):
        body, place = given["allowed_tools"], f"{pointer}/allowed_tools"
    listed, mode = body.get("tools"), body.get("mode", "auto")
    if mode not in ("auto", "required"):
        findings.fault(f"{place}/mode", 'must be "auto" or "required"')
    if not isinstance(listed, list) or not listed:
        findings.fault(f"{place}/tools", "give a list of at least one function")
        return tools, "auto"
    names = set()
    for index, entry in enumerate(listed):
        named = _named(entry)
        if named is None:
            findings.fault(f"{place}/tools/{index}", "give a function by its name")
        else:
            _check_name(named[0], tools, f"{place}/tools/{index}{named[1]}", findings)
            names.add(named[0])
    return tuple(tool for tool in tools if tool.name in names), "required" if mode == "required" else "auto"
