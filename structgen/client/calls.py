"""The calls of the service as generators that yield steps: one body for `Client` and `AsyncClient`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from pydantic_core import PydanticSerializationError, to_jsonable_python

from structgen import json_text
from structgen.client.protocol import Call
from structgen.client.results import Account, ExtractResult
from structgen.client.retry import FOREIGN, Patience, Sending
from structgen.errors import BadAnswer, BadRequest, StructgenError, Unsatisfied
from structgen.suggestions import unknown_member
from structgen.types import (
    AskModel,
    Attempt,
    Example,
    Limits,
    Message,
    Risk,
    Sampling,
    Strategy,
    Usage,
    Violation,
)

if TYPE_CHECKING:
    from pathlib import Path

    from structgen.parsing.result import RepairResult
    from structgen.schema import Schema

    Untyped: TypeAlias = Schema | Mapping[str, Any] | bool | str | Path
    """Schemas that come from no type: what they describe is plain JSON."""


_GROUPS = {"sampling": Sampling, "limits": Limits}


class Options(TypedDict, total=False):
    """What may be said about an extraction besides schema and document."""

    prompt: str | None
    messages: Sequence[Message | Mapping[str, Any]]
    examples: Sequence[Example | Mapping[str, Any]]
    sampling: Sampling | Mapping[str, Any] | None
    limits: Limits | Mapping[str, Any] | None
    n: int
    strategy: Strategy
    ask_again: int
    """How often an object that the type's own validators reject is sent back with their messages."""


class RepairOptions(TypedDict, total=False):
    """What may be said about a repair besides text and schema."""

    model: AskModel
    max_risk: Risk | None
    """Bounds what is applied; the default is all that rules, or the model where it is asked, may do."""
    source: str | None
    """The document that the text came from, for the model."""


@dataclass(frozen=True)
class Extraction:
    """One extraction as the caller wants it. `schema` is a type, a `Schema`, a dict or a name."""

    schema: Any
    document: str | None = None
    prompt: str | None = None
    messages: Sequence[Message | Mapping[str, Any]] = ()
    examples: Sequence[Example | Mapping[str, Any]] = ()
    sampling: Sampling | Mapping[str, Any] | None = None
    limits: Limits | Mapping[str, Any] | None = None
    n: int = 1
    strategy: Strategy = "constrained"
    ask_again: int = 1

    @classmethod
    def of(cls, schema: Any, document: str | None, options: Mapping[str, Any]) -> Extraction:
        """As the methods of the clients are called; `TypeError` names what an unknown option may mean."""
        known = [field.name for field in fields(cls)]
        for name in options:
            if name not in known:
                members = {"": known, **{n: [f.name for f in fields(k)] for n, k in _GROUPS.items()}}
                raise TypeError(f"extract(): {unknown_member(name, '', members, 'the call')}")
        return cls(schema, document, **options)

    def call(self, patience: Patience, *, stream: bool = False) -> Call[ExtractResult[Any]]:
        """Emits the partial objects when streaming; the result is typed where the schema is a type."""
        sent, schema = on_wire(self.schema)
        body, account = self._body(sent, stream), Account()
        sending, began = Sending(patience), time.monotonic()
        for left in range(max(0, self.ask_again), -1, -1):
            answer = yield from _answer(sending, body, account)
            attempts, usage, offers = _read(answer)
            before, account = len(account.attempts), account.plus(attempts, usage)
            rejected = []
            for value, attempt in offers:
                faults = schema.violations(value) if schema else []
                if not faults:
                    data = schema.load(value) if schema else value
                    return ExtractResult(data, account.attempts, account.usage, {**answer, "data": value})
                account = account.rejected(before + attempt, faults)
                rejected.append((value, faults))
            value, faults = rejected[0]
            rest = _rest(body.get("limits", {}), account, time.monotonic() - began)
            if not left or rest is None:
                break
            body = corrected({**body, **({"limits": rest} if rest else {})}, value, faults)
        detail = f"the type's own validators reject the object: {faults[0].message}"
        raise Unsatisfied(detail, account.attempts, account.usage, faults, value)

    def _body(self, schema: Any, stream: bool) -> dict[str, Any]:
        sampling = _fields("sampling", self.sampling)
        wanted = {
            "schema": schema,
            "prompt": self.prompt,
            "document": self.document,
            "messages": [_member("messages", i, m, _message) for i, m in enumerate(self.messages)],
            "examples": [_member("examples", i, e, _example) for i, e in enumerate(self.examples)],
            "sampling": sampling | ({} if self.n == 1 and self.n is not True else {"n": self.n}),
            "limits": _fields("limits", self.limits),
            "strategy": None if self.strategy == "constrained" else self.strategy,
            "stream": stream,
        }
        return {
            name: value for name, value in wanted.items() if value not in (None, [], {}) or name == "schema"
        }


def repairing(
    texts: Sequence[str], schema: Any, options: RepairOptions, patience: Patience
) -> Call[list[RepairResult]]:
    """The results for all texts, in their order."""
    sent, typed = (None, None) if schema is None else on_wire(schema)
    given = {name: value for name, value in options.items() if value is not None}
    body = encode({**given, **({} if schema is None else {"schema": sent}), "texts": list(texts)})
    answer = yield from Sending(patience).exchange("POST", "/v1/repair", body)
    from structgen.parsing.result import RepairResult

    with _understood():
        shared = {"warnings": answer.get("warnings", ())}
        found = [RepairResult.from_json({**shared, **result}) for result in answer["results"]]
        if len(found) != len(texts) or not all(isinstance(result.status, str) for result in found):
            raise ValueError("one result for each text")
    return [_typed(result, typed) if typed else result for result in found]


def _typed(result: RepairResult, schema: Schema) -> RepairResult:
    """With what the type's own validators find, which the service does not know."""
    faults = () if result.status == "failed" else tuple(schema.violations(result.value))
    return result._replace(status="failed", violations=faults) if faults else result


def validation(schema: Any, value: Any, patience: Patience) -> Call[list[Violation]]:
    """All violations; those of the type's own validators once the service finds none."""
    sent, typed = on_wire(schema)
    body = encode({"schema": sent, "value": value})
    answer = yield from Sending(patience).exchange("POST", "/v1/validate", body)
    with _understood():
        found = [Violation.from_json(v) for v in answer["violations"]]
    return found or (typed.violations(value) if typed else [])


def checking(schema: Any, patience: Patience) -> Call[dict[str, Any]]:
    """What the service makes of a schema: `schema` (name, hash, dialect), `report`, `warnings`."""
    body = encode({"schema": on_wire(schema)[0]})
    return (yield from Sending(patience).exchange("POST", "/v1/schemas/check", body))


def fetching(path: str, patience: Patience) -> Call[dict[str, Any]]:
    """What a GET of the path answers."""
    return (yield from Sending(patience).exchange("GET", path))


def naming(path: str, patience: Patience) -> Call[list[str]]:
    """The ids of a list in the form that OpenAI clients expect."""
    answer = yield from fetching(path, patience)
    with _understood():
        return [str(entry["id"]) for entry in list(answer["data"])]


def on_wire(schema: Any) -> tuple[Any, Schema | None]:
    """What is sent, and the parsed schema where answers are to become values of its type.

    A dict, a bool or a name goes to the service unread: it checks schemas, and importing the checker
    costs more than the call.
    """
    if isinstance(schema, dict | bool) or (isinstance(schema, str) and schema.lstrip()[:1] != "{"):
        return schema, None
    from structgen.schema import Schema

    parsed = Schema.parse(schema)
    return parsed.definition, parsed if parsed.adapter else None


def encode(body: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON; `BadRequest` for what JSON cannot say."""
    try:
        return json_text.dumps(body).encode()
    except (TypeError, ValueError, RecursionError) as error:
        if len(body) > 1:
            for name in body:
                encode({name: body[name]})
        raise _misplaced(f"/{next(iter(body))}", f"cannot be written as JSON: {error}") from error


def corrected(body: Mapping[str, Any], value: Any, faults: Sequence[Violation]) -> dict[str, Any]:
    """The request again, its last text followed by the rejected object and what is wrong with it.

    The words are those of the service's own retries: its models know them.
    """
    messages = "\n".join(f"{fault.pointer or '/'}: {fault.message}" for fault in faults)
    turn = f"Erroneous JSON to fix:\n{json_text.dumps(value)}\nErrors:\n{messages}"
    for name in ("document", "prompt"):
        if name in body:
            return {**body, name: f"{body[name]}\n\n{turn}"}
    return {**body, "messages": [*body["messages"], {"role": "user", "content": turn}]}


def _answer(sending: Sending, body: Mapping[str, Any], account: Account) -> Call[dict[str, Any]]:
    """One answer; an error carries the account of the earlier ones too."""
    try:
        if body["stream"]:
            return (yield from sending.stream("/v1/extract", encode(body)))
        return (yield from sending.exchange("POST", "/v1/extract", encode(body)))
    except StructgenError as error:
        whole = account.plus(error.attempts, error.usage)
        error.attempts, error.usage = whole.attempts, whole.usage
        raise


def _rest(limits: Mapping[str, Any], account: Account, seconds: float) -> dict[str, Any] | None:
    """What the caller's limits leave for another request; None where that is nothing."""
    used = {
        "max_attempts": len(account.attempts),
        "max_total_tokens": account.usage.total_tokens,
        "deadline": seconds,
    }
    rest = {n: limits[n] - used[n] if n in used and limits[n] is not None else limits[n] for n in limits}
    return None if any(n in used and rest[n] is not None and rest[n] <= 0 for n in rest) else rest


def _read(answer: Mapping[str, Any]) -> tuple[tuple[Attempt, ...], Usage, list[tuple[Any, int]]]:
    """Attempts and usage, and the valid values with the index of the attempt that made each: the data, or
    those of the candidates in their order."""
    with _understood():
        result = ExtractResult.from_json(answer)
        offers, made = [], 0
        for candidate in result.candidates:
            made += len(candidate["attempts"])
            if candidate["status"] == "valid":
                offers.append((candidate["data"], made - 1))
        offers = offers or [(result.data, len(result.attempts) - 1)]
        if not all(0 <= attempt < len(result.attempts) for _, attempt in offers):
            raise ValueError("no attempt made the object")
        return result.attempts, result.usage, offers


@contextmanager
def _understood() -> Iterator[None]:
    """An answer without the members that the contract promises comes from something else."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadAnswer(f"{FOREIGN}: {error!r}") from error


def _fields(name: str, given: Sampling | Limits | Mapping[str, Any] | None) -> dict[str, Any]:
    if given is None or isinstance(given, Mapping):
        return dict(given or {})
    if not isinstance(given, Sampling | Limits):
        raise _misplaced(f"/{name}", f"{name.title()}, or a mapping of its fields")
    return asdict(given)


def _member(name: str, index: int, given: Any, read: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    try:
        return read(given)
    except (TypeError, ValueError) as error:
        raise _misplaced(f"/{name}/{index}", f"no mapping: {error}") from error


def _misplaced(at: str, what: str) -> BadRequest:
    return BadRequest.of([Violation(at, "type", what)], "the request")


def _message(message: Message | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(message, Message):
        return {"role": message.role, "content": message.content}
    return dict(message)


def _example(example: Example | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(example, Example):
        example = {"document": example.document, "data": example.data}
    try:
        return {**example, "data": to_jsonable_python(example["data"])}
    except (KeyError, PydanticSerializationError) as error:
        raise BadRequest(f"an example takes a document and JSON data: {error}") from error
