"""The extraction call: its request, and further requests while the validators of a type reject the object."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypedDict

from structgen import json_text
from structgen.client import request_body
from structgen.client.exchange import Exchange
from structgen.client.item_reader import ItemReader
from structgen.client.policy import CallPolicy
from structgen.client.protocol import Call
from structgen.client.responses import contract_members, no_objects, partial_objects, with_progress
from structgen.client.results import Account, ExtractResult
from structgen.correction_prompt import correction_text
from structgen.errors import StructgenError, Unsatisfied
from structgen.http_responses import ServerSentEvent
from structgen.messages import absent_in_type
from structgen.suggestions import unknown_member
from structgen.types import (
    Attempt,
    EvidenceOptions,
    Example,
    Limits,
    Message,
    OnAbsent,
    OnProgress,
    OnShortfall,
    Sampling,
    StrategyName,
    Usage,
    Violation,
)

_GROUPS = {"sampling": Sampling, "limits": Limits, "evidence": EvidenceOptions}


class Options(TypedDict, total=False):
    """Options of an extraction beside schema and document."""

    prompt: str | None
    messages: Sequence[Message | Mapping[str, Any]]
    examples: Sequence[Example | Mapping[str, Any]]
    sampling: Sampling | Mapping[str, Any] | None
    limits: Limits | Mapping[str, Any] | None
    n: int
    strategy: StrategyName
    evidence: EvidenceOptions | Mapping[str, Any] | bool
    """Whether, and how, the result has the place of each value in the document, and how sure it is."""
    on_shortfall: OnShortfall
    """Whether a list that lacks rows of the document is an error, or a result whose coverage tells it."""
    on_absent: OnAbsent
    """Whether required members may be null for what the document does not say."""
    on_progress: OnProgress | None
    """Receives the progress of a document that is read in segments."""
    ask_again: int
    """How often the client sends back an object that the type's own validators reject."""


@dataclass(frozen=True)
class Extraction:
    """An extraction with all of its options. `schema` is a type, a `Schema`, a dict or a name."""

    schema: Any
    document: str | None = None
    prompt: str | None = None
    messages: Sequence[Message | Mapping[str, Any]] = ()
    examples: Sequence[Example | Mapping[str, Any]] = ()
    sampling: Sampling | Mapping[str, Any] | None = None
    limits: Limits | Mapping[str, Any] | None = None
    n: int = 1
    strategy: StrategyName = "constrained"
    evidence: EvidenceOptions | Mapping[str, Any] | bool = False
    on_shortfall: OnShortfall = "incomplete"
    on_absent: OnAbsent = "error"
    on_progress: OnProgress | None = None
    ask_again: int = 1

    @classmethod
    def of(cls, schema: Any, document: str | None, options: Mapping[str, Any]) -> Extraction:
        """Build the extraction of a method call; `TypeError` suggests the right name of an unknown option."""
        known = [field.name for field in fields(cls)]
        for name in options:
            if name not in known:
                members = {"": known, **{n: [f.name for f in fields(k)] for n, k in _GROUPS.items()}}
                raise TypeError(f"extract(): {unknown_member(name, '', members, 'the call')}")
        return cls(schema, document, **options)

    def call(self, policy: CallPolicy, *, stream: bool = False) -> Call[ExtractResult[Any]]:
        """Extract; emit partial objects if streaming. The result is typed if the schema comes from a type."""
        output, schema = request_body.output_members(self.schema)
        body, account = self._body(output, stream or self.on_progress is not None), Account()
        read = with_progress(partial_objects if stream else no_objects, self.on_progress)
        exchange, started = Exchange(policy), time.monotonic()
        for retries_left in range(max(0, self.ask_again), -1, -1):
            answer = yield from _request(exchange, body, account, read)
            attempts, usage, candidates = _read(answer)
            before, account = len(account.attempts), account.plus(attempts, usage)
            rejected = []
            for value, attempt in candidates:
                violations = schema.violations(value) if schema else []
                if violations and value is answer["data"] and answer.get("absent"):
                    raise _absent_in_type(answer, account, violations)
                if not violations:
                    data = schema.to_python(value) if schema else value
                    chosen = {**answer, "data": value}
                    if value is not answer["data"]:  # the evidence is that of the first candidate
                        chosen.pop("evidence", None)
                    return ExtractResult(data, account.attempts, account.usage, chosen)
                account = account.rejected(before + attempt, violations)
                rejected.append((value, violations))
            value, violations = rejected[0]
            limits = _limits_left(body.get("limits", {}), account, time.monotonic() - started)
            if not retries_left or limits is None:
                break
            body = _corrected({**body, **({"limits": limits} if limits else {})}, value, violations)
        detail = f"the validators of the type reject the object: {violations[0].message}"
        raise Unsatisfied(detail, account.attempts, account.usage, violations, value)

    def items(self, policy: CallPolicy) -> Call[None]:
        """Extract a list and emit each item once, in order; items are typed if the list comes from a type.

        There is no further request: emitted items stay. Raises `Unsatisfied` for an item, or a list, that the
        type's own validators reject.
        """
        output, listed = request_body.list_member(self.schema)
        body = {**self._body(output, stream=True), "stream_items": True}
        reader = ItemReader(listed)
        read = with_progress(reader.items, self.on_progress)
        answer = yield from Exchange(policy).stream("/v1/extract", request_body.encode(body), read)
        attempts, usage, [(value, _), *_] = _read(answer)
        violations = listed.whole.violations(value) if listed else []
        if violations:
            detail = f"the validators of the type reject the list: {violations[0].message}{reader.delivered}"
            raise Unsatisfied(detail, attempts, usage, violations, value)

    def _body(self, output: Mapping[str, Any], stream: bool) -> dict[str, Any]:
        sampling = request_body.group("sampling", self.sampling)
        if self.n != 1 or self.n is True:  # True equals 1: it is sent, so that the service refuses it
            sampling = sampling | {"n": self.n}
        members = {
            **output,
            "prompt": self.prompt,
            "document": self.document,
            "messages": request_body.messages(self.messages),
            "examples": request_body.examples(self.examples),
            "sampling": sampling,
            "limits": request_body.group("limits", self.limits),
            "strategy": None if self.strategy == "constrained" else self.strategy,
            "evidence": self._evidence(),
            "on_shortfall": None if self.on_shortfall == "incomplete" else self.on_shortfall,
            "on_absent": None if self.on_absent == "error" else self.on_absent,
            "stream": stream,
        }
        return {
            name: value for name, value in members.items() if value not in (None, [], {}) or name == "schema"
        }

    def _evidence(self) -> Any:
        """Return the member `evidence`; None where it is not asked for."""
        if self.evidence is None or self.evidence is False:
            return None
        return True if self.evidence is True else request_body.group("evidence", self.evidence) or True


def _request(
    exchange: Exchange,
    body: Mapping[str, Any],
    account: Account,
    values_of: Callable[[ServerSentEvent], list[Any]],
) -> Call[dict[str, Any]]:
    """Send one request, and read the events of a stream; add the account of earlier ones to its error."""
    try:
        if body["stream"]:
            return (yield from exchange.stream("/v1/extract", request_body.encode(body), values_of))
        return (yield from exchange.request("POST", "/v1/extract", request_body.encode(body)))
    except StructgenError as error:
        whole = account.plus(error.attempts, error.usage)
        error.attempts, error.usage = whole.attempts, whole.usage
        raise


def _absent_in_type(answer: Mapping[str, Any], account: Account, violations: list[Violation]) -> Unsatisfied:
    """Return the error of an object whose type takes no null where the document says nothing."""
    detail = absent_in_type([str(pointer) for pointer in answer["absent"]])
    return Unsatisfied(detail, account.attempts, account.usage, violations, answer["data"])


def _read(answer: Mapping[str, Any]) -> tuple[tuple[Attempt, ...], Usage, list[tuple[Any, int]]]:
    """Return attempts, usage, and the valid values, each with the index of the attempt that made it.

    The values are those of the candidates in their order, or the data if there are no candidates.
    """
    with contract_members():
        result = ExtractResult.from_json(answer)
        values: list[tuple[Any, int]] = []
        attempts = 0
        for candidate in result.candidates:
            attempts += len(candidate["attempts"])
            if candidate["status"] == "valid":
                values.append((candidate["data"] if values else result.data, attempts - 1))
        first_readings = [index for index, each in enumerate(result.attempts) if each.reading == 1]
        values = values or [(result.data, first_readings[-1] if first_readings else -1)]
        if not all(0 <= attempt < len(result.attempts) for _, attempt in values):
            raise ValueError("an object has no attempt")
        return result.attempts, result.usage, values


def _limits_left(limits: Mapping[str, Any], account: Account, seconds: float) -> dict[str, Any] | None:
    """Return what is left of the caller's limits for another request; None if one is used up."""
    used = {
        "max_attempts": len(account.attempts),
        "max_total_tokens": account.usage.total_tokens,
        "deadline": seconds,
    }
    left = {n: limits[n] - used[n] if n in used and limits[n] is not None else limits[n] for n in limits}
    return None if any(n in used and left[n] is not None and left[n] <= 0 for n in left) else left


def _corrected(body: Mapping[str, Any], value: Any, violations: Sequence[Violation]) -> dict[str, Any]:
    """Return the request with its last text followed by the rejected object and its violations.

    Evidence points into the document, which stays as it is: the prompt has the correction then.
    """
    correction = correction_text(json_text.dumps(value), violations)
    names: tuple[str, ...] = ("document", "prompt")
    if "evidence" in body and "document" in body:
        names, body = ("prompt",), {"prompt": "", **body}
    for name in names:
        if name in body:
            return {**body, name: f"{body[name]}\n\n{correction}" if body[name] else correction}
    return {**body, "messages": [*body["messages"], {"role": "user", "content": correction}]}
