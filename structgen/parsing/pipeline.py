"""Repair: strict, lenient, aligned to the schema, validated, and last the model.

`by_model` is a generator: it yields what it would ask a model, and is sent the answer, so that one body
serves sync and async, and no engine is known here.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from structgen import json_text
from structgen.errors import BadRequest
from structgen.parsing.coercion.scalars import Aligned, Words
from structgen.parsing.json_patch import Change
from structgen.parsing.ranking import Best, Search, allowed
from structgen.parsing.result import RepairResult
from structgen.parsing.tolerant.parse_result import Fix, Reading, Unreadable
from structgen.schema import Schema
from structgen.schema.traversal import pointer
from structgen.types import RISKS, RepairStatus, Risk, Usage, Violation


@dataclass(frozen=True, slots=True)
class Ask:
    """What the model is asked: to put a value right. Sent back: the text of its answer, and the usage."""

    value: Any
    violations: tuple[Violation, ...]
    grammar: Any
    """A lowered schema that opens only what is wrong; None for the whole one."""


Answer = tuple[str, Usage]
Repairing = Generator[Ask, Answer, RepairResult]


def by_rules(
    text: str | bytes,
    schema: Schema | None = None,
    *,
    max_risk: Risk = "inferred",
    defaults: bool = False,
) -> RepairResult:
    """What rules alone can do; `failed` with what is wrong where they cannot do it all."""
    if max_risk not in RISKS:
        fault = Violation("/max_risk", "enum", f"{max_risk!r} is none of {', '.join(RISKS)}")
        raise BadRequest(f"max_risk: {fault.message}", [fault])
    text, decoded = _decoded(text)
    most: Risk = max_risk if max_risk != "model" else "inferred"
    if decoded and any(RISKS.index(fix.risk) > RISKS.index(most) for fix in decoded):
        fault = Violation("", "encoding", f"not UTF-8 at position {decoded[-1].start}")
        return RepairResult(None, "failed", decoded, violations=(fault,))
    sound, cut = None, False
    try:
        value = json_text.quick(text)
        if schema is None:
            status: RepairStatus = "repaired" if decoded else "unchanged"
            return RepairResult(value, status, decoded, parsed=value)
        sound = Reading(value, 0, len(text), decoded)
    except ValueError as fault:
        cut = isinstance(fault, json_text.Truncated)
    try:
        found = allowed(text, cut, decoded, most)
        if schema is None:
            return _result(_unled(found, most), None)
        return _result(Search(text, schema, most, decoded, defaults).best(sound, found), schema)
    except Unreadable as error:
        return RepairResult(None, "failed", violations=(Violation("", "json", str(error)),))


def _unled(found: Iterator[Reading], most: Risk) -> Best:
    """Without a schema: prose is no value, and an empty object in prose is no answer."""
    reading = next(found, None)
    if reading is None:
        raise Unreadable(f"nothing can be read by what is {most} at most", 0)
    kinds = {fix.kind for fix in reading.fixes}
    if "unquoted" in kinds:
        raise Unreadable("no JSON in the text", 0)
    if "prose" in kinds and reading.value in ({}, []):
        raise Unreadable("no JSON but an empty container in a text", reading.start)
    return Best(reading, Aligned(reading.value), ())


def _result(best: Best, schema: Schema | None) -> RepairResult:
    reading, aligned = best.reading, best.aligned
    changes = aligned.changes
    if reading.removed:
        twice = (_replaced(reading.value, at, old) for at, old in reading.removed)
        changes = (*filter(None, twice), *changes)
    status: RepairStatus = "repaired" if reading.fixes or changes else "unchanged"
    if best.violations:
        status = "failed"
    value = _plain(aligned.value)
    if schema is not None and not best.violations:
        value = schema.arrange(value)
    return RepairResult(
        value,
        status,
        reading.fixes,
        changes,
        best.violations,
        parsed=_plain(reading.value),
        cut_at=reading.cut_at,
    )


def by_model(result: RepairResult, schema: Schema, attempts: int) -> Repairing:
    """The model's turn: what is wrong opened and the rest pinned, all of it open in the last attempt."""
    value, violations, usage = result.value, result.violations, result.usage
    for number in range(1, attempts + 1):
        grammar = None if number == attempts > 1 else schema.targeted(value, violations)
        text, used = yield Ask(value, violations, grammar)
        usage = usage + used
        try:
            value = json_text.loads(text)
        except json_text.JsonFault as fault:
            violations = (Violation("", fault.keyword, str(fault)),)
            continue
        violations = tuple(schema.violations(value))
        if not violations:
            value = schema.arrange(value)
            changes = (*result.changes, *_difference(result.value, value))
            return result._replace(
                value=value, status="model_repaired", changes=changes, violations=(), usage=usage
            )
    return result._replace(usage=usage)


def _difference(old: Any, new: Any, path: tuple[str | int, ...] = ()) -> list[Change]:
    """Operations from one value to another, each the model's."""
    at, reason = pointer(path), "written by the model"
    if isinstance(old, dict) and isinstance(new, dict):
        changes = [Change("remove", pointer((*path, k)), reason, "model") for k in old if k not in new]
        changes += [Change("add", pointer((*path, k)), reason, "model", new[k]) for k in new if k not in old]
        for key in old.keys() & new.keys():
            changes += _difference(old[key], new[key], (*path, key))
        return changes
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [
            c for i, (a, b) in enumerate(zip(old, new, strict=True)) for c in _difference(a, b, (*path, i))
        ]
    if json_text.dumps(old) == json_text.dumps(new):
        return []
    return [Change("replace", at, reason, "model", new)]


def _decoded(text: str | bytes) -> tuple[str, tuple[Fix, ...]]:
    """Text without a byte-order mark; bytes that are no UTF-8 become U+FFFD, and a fix says so of each."""
    if isinstance(text, str) and not text.startswith("\ufeff"):
        return text, ()
    fixes: list[Fix] = []
    if isinstance(text, bytes):
        text, fixes = _read(text, "utf-16" if text[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
    if text.startswith("\ufeff"):
        fixes.insert(0, Fix("byte-order-mark", 0, 1))
        text = " " + text[1:]  # places in the text stay what they are
    return text, tuple(fixes)


def _read(given: bytes, encoding: str) -> tuple[str, list[Fix]]:
    made: list[str] = []
    fixes: list[Fix] = []
    at = length = 0
    while True:
        try:
            return "".join([*made, given[at:].decode(encoding)]), fixes
        except UnicodeDecodeError as error:
            sound = given[at : at + error.start].decode(encoding)
            length += len(sound) + 1
            made += [sound, "\ufffd"]
            fixes.append(Fix("encoding", length - 1, length, "\ufffd"))
            at += error.end
        if len(fixes) == _MOST_BAD_BYTES:
            rest = given[at:].decode(encoding, "replace")
            fixes.append(Fix("encoding", length, length + len(rest), rest))
            return "".join([*made, rest]), fixes


_MOST_BAD_BYTES = 100
"""Of one text that are told one by one."""


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Words) else value


def _replaced(value: Any, place: str, old: Any) -> Change | None:
    """A key that stood twice: what the last one has. None where that is gone with a key above it."""
    with suppress(LookupError, TypeError, ValueError):
        now = _at(value, place)
        reason = f"the key stood twice, with {json_text.dumps(old)[:80]} before"
        return Change("replace", place, reason, "inferred", now)
    return None


def _at(value: Any, place: str) -> Any:
    for token in place.split("/")[1:]:
        token = token.replace("~1", "/").replace("~0", "~")
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value
