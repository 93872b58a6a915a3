"""Repair a text: parse it, coerce the value to the schema, validate, and let a model correct the rest.

`repair_by_model` is a generator. It yields each request to a model and is sent the reply, so that one body
serves synchronous and asynchronous callers, and this package does not know the engines.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jsonpointer import JsonPointerException, resolve_pointer

from structgen import json_text
from structgen.errors import BadRequest
from structgen.parsing.coercion.coerced import BareText
from structgen.parsing.decoding import decode
from structgen.parsing.extraction.candidates import check_answer, parse_likeliest
from structgen.parsing.extraction.first_fault import may_be_unambiguous
from structgen.parsing.json_diff import diff
from structgen.parsing.json_patch import Change
from structgen.parsing.lost_text import loss_violation, lost_texts, missing_text, takes_up
from structgen.parsing.ranking import RankedReading, Ranking, allowed_candidates, no_reading
from structgen.parsing.result import NO_USAGE, RepairResult
from structgen.parsing.tolerant.parse_result import Dropped, ParseError, ParseResult, ReplacedMember
from structgen.parsing.tolerant.parser import TolerantParser
from structgen.schema import Schema
from structgen.types import DROPPED, ON_LOSS, RISKS, OnLoss, RepairStatus, Risk, Usage, Violation, exceeds

_new = tuple.__new__
"""Makes a named tuple in a third of the time that its class takes."""
_MAX_LOST = 4_000
"""Characters of lost texts that a model is shown; a repair that lost more stays `failed`."""


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """A request to a model: correct the value so that it has none of the violations."""

    value: Any
    violations: tuple[Violation, ...]
    grammar: Any
    """A lowered schema that leaves open only the places of the violations; None for the full schema."""


ModelReply = tuple[str, Usage]
"""The text of a model's reply, and its usage."""
ModelRepair = Generator[ModelRequest, ModelReply, RepairResult]


def repair_by_rules(
    text: str | bytes,
    schema: Schema | None = None,
    *,
    max_risk: Risk = "inferred",
    on_loss: OnLoss = "error",
) -> RepairResult:
    """Repair a text by rules alone. The status is `failed`, with violations, where they do not suffice.

    `max_risk` is the highest risk that a fix or change may have. `on_loss`: whether a reading that leaves out
    a key, a value or a row is `failed` or accepted. `BadRequest` for an unknown value of either.
    """
    if max_risk not in RISKS or on_loss not in ON_LOSS:
        _check_choice("max_risk", max_risk, RISKS)
        _check_choice("on_loss", on_loss, ON_LOSS)
    text, fixes = decode(text)
    rules_risk: Risk = max_risk if max_risk != "model" else "inferred"
    if fixes and any(exceeds(fix.risk, rules_risk) for fix in fixes):
        violation = Violation("", "encoding", f"invalid UTF-8 at position {fixes[-1].start}")
        return RepairResult(None, "failed", fixes, violations=(violation,))
    valid, plain = None, False
    try:
        value = json_text.loads_fast(text)
        if schema is None:
            status: RepairStatus = "repaired" if fixes else "unchanged"
            return _new(RepairResult, (value, status, fixes, (), (), NO_USAGE, value, None, (), (), ()))
        valid = ParseResult(value, 0, len(text), fixes)
    except ValueError as error:
        plain = may_be_unambiguous(error, text)
    parser = TolerantParser(text, schema=schema)
    try:
        if schema is None and not fixes and rules_risk == "inferred":
            return _result_without_schema(parse_likeliest(parser, text, plain=plain), on_loss)
        candidates = allowed_candidates(
            text, schema, plain=plain, decoding_fixes=fixes, max_risk=rules_risk, parser=parser
        )
        if schema is None:
            return _result_without_schema(_first(candidates, rules_risk), on_loss)
        return _result(Ranking(text, schema, rules_risk, fixes).best(valid, candidates), schema, on_loss)
    except ParseError as error:
        return RepairResult(None, "failed", violations=(Violation("", "json", str(error)),))


def repair_by_model(result: RepairResult, schema: Schema, attempts: int) -> ModelRepair:
    """Let a model correct the violations of a result.

    The grammar of a request leaves open only the places of the violations; that of the last one, everything.
    A text that the rules lost is shown, and the model's value must take it up. `dropped` and `alternatives`
    stay those of the rules' reading.
    """
    lost = lost_texts(result)
    if sum(len(text.text) for text in lost) > _MAX_LOST:
        return result
    value, usage = result.value, result.usage
    kept = (violation for violation in result.violations if violation.keyword != DROPPED)
    violations = (*kept, *(missing_text(text, value) for text in lost))
    for number in range(1, attempts + 1):
        grammar = None if number == attempts > 1 else schema.pinned_grammar(value, violations)
        text, used = yield ModelRequest(value, violations, grammar)
        usage = usage + used
        try:
            value = json_text.loads(text)
        except json_text.JsonError as fault:
            violations = (Violation("", fault.keyword, str(fault)),)
            continue
        missing = (text for text in lost if not takes_up(value, text, result.value))
        violations = (*schema.violations(value), *(missing_text(text, value) for text in missing))
        if not violations:
            value = schema.arrange(value)
            by_the_model = diff(result.value, value, reason="written by the model", risk="model")
            changes = (*result.changes, *by_the_model)
            return result._replace(
                value=value, status="model_repaired", changes=changes, violations=(), usage=usage
            )
    return result._replace(usage=usage)


def _first(candidates: Iterator[ParseResult], max_risk: Risk) -> ParseResult:
    """Return the first candidate; `ParseError` for none, or one that is no answer."""
    reading = next(candidates, None)
    if reading is None:
        raise no_reading(max_risk)
    check_answer(reading)
    return reading


def _result_without_schema(reading: ParseResult, on_loss: OnLoss) -> RepairResult:
    value, _, _, fixes, cut_at, replaced, _, dropped, alternatives = reading
    changes = tuple(_replacements(value, replaced)) if replaced else ()
    violations = _losses(dropped, on_loss) if dropped else ()
    is_changed = fixes or changes or dropped
    status: RepairStatus = "failed" if violations else "repaired" if is_changed else "unchanged"
    return _new(RepairResult, (
        value, status, fixes, changes, violations, NO_USAGE, value, cut_at, (), dropped, alternatives,
    ))  # fmt: skip


def _result(ranked: RankedReading, schema: Schema, on_loss: OnLoss) -> RepairResult:
    reading = ranked.reading
    violations = (*ranked.violations, *_losses(reading.dropped, on_loss))
    changes = ranked.coerced.changes
    if reading.replaced:
        changes = (*_replacements(reading.value, reading.replaced), *changes)
    is_changed = reading.fixes or changes or reading.dropped
    status: RepairStatus = "failed" if violations else "repaired" if is_changed else "unchanged"
    value = _plain(ranked.coerced.value)
    if not violations:
        value = schema.arrange(value)
    return RepairResult(
        value,
        status,
        reading.fixes,
        changes,
        violations,
        parsed=_plain(reading.value),
        cut_at=reading.cut_at,
        dropped=reading.dropped,
        alternatives=(*reading.alternatives, *ranked.coerced.alternatives),
    )


def _losses(dropped: Sequence[Dropped], on_loss: OnLoss) -> tuple[Violation, ...]:
    """Return a violation for each key, value or row that a reading leaves out; none if that is accepted."""
    return tuple(loss_violation(text) for text in dropped if text.is_loss and on_loss == "error")


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Raise `BadRequest` for an option whose value is none of the choices."""
    if value not in choices:
        violation = Violation(f"/{name}", "enum", f"{value!r} is not one of {', '.join(choices)}")
        raise BadRequest(f"{name}: {violation.message}", [violation])


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, BareText) else value


def _replacements(value: Any, replaced: Sequence[ReplacedMember]) -> Iterator[Change]:
    """Yield a change for each repeated key, with the earlier value.

    A member within a value that was replaced itself is named in the reason of that change.
    """
    within: list[ReplacedMember] = []
    for member in replaced:
        try:
            current = resolve_pointer(value, member.pointer)
        except (JsonPointerException, TypeError, ValueError):
            within.append(member)
            continue
        reason = f"a repeated key, whose earlier value was {json_text.dumps(member.value)}"
        for inner in within:
            if inner.pointer.startswith(f"{member.pointer}/"):
                reason += f", and at {inner.pointer} before {json_text.dumps(inner.value)}"
        yield Change("replace", member.pointer, reason, "inferred", current)
