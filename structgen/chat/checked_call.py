"""Check the calls of a reply under the full schemas of their tools, and correct those that violate them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from structgen import json_text
from structgen.chat.correction import Corrector
from structgen.chat.turn import ChatTurn, Tool
from structgen.parsing.result import RepairResult
from structgen.prompts.parsed_call import ParsedCall, parse_call
from structgen.strategies.assessment import find_violations
from structgen.strategies.base import Collaborators
from structgen.suggestions import name_choices
from structgen.types import RepairStatus, ToolCall, Violation

_ARGUMENTS = "/arguments"
"""Pointer of the arguments in a call."""


@dataclass(frozen=True, slots=True)
class CheckedCall:
    """A call of the reply, and what is wrong with it."""

    parsed: ParsedCall
    tool: Tool | None
    call: ToolCall | None = None
    """The valid call, None where there are violations."""
    violations: tuple[Violation, ...] = ()
    reread: RepairResult | None = None
    """The repair of the call's text as a whole, where the arguments come from it."""
    repair: RepairResult | None = None
    """The repair that made the arguments valid."""


@dataclass(frozen=True, slots=True)
class CallChecker:
    """Checks and corrects the calls of one turn."""

    turn: ChatTurn
    collaborators: Collaborators
    corrector: Corrector

    @property
    def _tools(self) -> Mapping[str, Tool]:
        return {tool.name: tool for tool in self.turn.callable_tools}

    async def check(self, raw: str) -> CheckedCall:
        """Parse the raw text of a call and validate its arguments."""
        parsed = parse_call(raw)
        reread: RepairResult | None = None
        if parsed.fault is not None:
            parsed, reread = await self._reread(raw, parsed)
        tool = self._tools.get(parsed.name or "")
        if tool is None:
            return CheckedCall(parsed, None, violations=(self._unknown(parsed),))
        violations = [] if parsed.fault is None else [Violation("", "json", parsed.fault)]
        value: Any = None
        try:
            value = json_text.loads(parsed.arguments)
        except json_text.JsonError as fault:
            violations = violations or [Violation("", fault.keyword, str(fault))]
        if not violations and not isinstance(value, dict):
            violations = [Violation("", "type", "the arguments of a call must be an object")]
        validator, ends_at = self.collaborators.validator, self.turn.deadline_at
        violations = violations or await find_violations(validator, tool.schema, value, ends_at)
        if violations:
            return CheckedCall(parsed, tool, None, tuple(violations), reread)
        return CheckedCall(parsed, tool, _call(tool, json_text.dumps(tool.schema.arrange(value))))

    async def _reread(self, raw: str, parsed: ParsedCall) -> tuple[ParsedCall, RepairResult | None]:
        """Repair the text of a malformed call as a whole; return what it says, and the repair.

        A reading that leaves out a part of the text says nothing: its arguments are repaired on their own.
        """
        result = await self.collaborators.repairer(raw, None, "inferred", "error")
        value = result.value if result.status != "failed" else None
        if isinstance(value, dict) and isinstance(value.get("arguments"), dict):
            name = value.get("name")
            if isinstance(name, str):
                return replace(parsed, name=name, arguments=json_text.dumps(value["arguments"])), result
        return parsed, None

    async def correct(self, checked: CheckedCall) -> CheckedCall:
        """Repair the arguments of a known tool, by rules and then by the model, under the tool's schema."""
        tool = checked.tool
        if tool is None or checked.call is not None:
            return checked
        result = await self.corrector.corrected(checked.parsed.arguments, tool.schema)
        if checked.reread is not None:
            result = _after(checked.reread, result)
        if result.status == "failed" or not isinstance(result.value, dict):
            violations = result.violations or checked.violations
            return replace(checked, violations=violations, repair=result)
        return replace(checked, call=_call(tool, json_text.dumps(result.value)), violations=(), repair=result)

    def _unknown(self, parsed: ParsedCall) -> Violation:
        if parsed.name is None:
            return Violation("", "json", parsed.fault or "the call has no name")
        hint = name_choices(parsed.name, list(self._tools))
        return Violation("/name", "enum", f"no tool is called {parsed.name[:80]!r}{hint}")


def faults_of(calls: Sequence[CheckedCall]) -> tuple[Violation, ...]:
    """Return the violations of all calls, with pointers into the list of calls."""
    return tuple(
        replace(violation, pointer=f"/tool_calls/{index}{_place(call, violation)}")
        for index, call in enumerate(calls)
        for violation in call.violations
    )


def _place(call: CheckedCall, violation: Violation) -> str:
    return violation.pointer if call.tool is None else f"/function/arguments{violation.pointer}"


def _after(reread: RepairResult, result: RepairResult) -> RepairResult:
    """Return the repair of arguments with the account of the repair of the whole call before it.

    Pointers of the account are pointers into the arguments; what lies beside them gets the empty one.
    """
    changes = (
        replace(change, path=_in_arguments(change.path))
        for change in reread.changes
        if change.path.startswith(f"{_ARGUMENTS}/")
    )
    dropped = (text._replace(pointer=_in_arguments(text.pointer)) for text in reread.dropped)
    others = (
        other._replace(pointer=_in_arguments(other.pointer))
        for other in reread.alternatives
        if other.pointer.startswith(f"{_ARGUMENTS}/")
    )
    status: RepairStatus = "repaired" if result.status == "unchanged" else result.status
    return result._replace(
        status=status,
        fixes=(*reread.fixes, *result.fixes),
        changes=(*changes, *result.changes),
        dropped=(*dropped, *result.dropped),
        alternatives=(*others, *result.alternatives),
    )


def _in_arguments(pointer: str) -> str:
    return pointer.removeprefix(_ARGUMENTS) if pointer.startswith(f"{_ARGUMENTS}/") else ""


def _call(tool: Tool, arguments: str) -> ToolCall:
    return ToolCall(tool.name, arguments, f"call_{secrets.token_hex(12)}")
