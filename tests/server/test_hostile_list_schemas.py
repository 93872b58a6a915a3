"""Short schemas with endless lists hold no service, and schemas of segments are derived in worker processes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from long_documents import STATEMENT, Oracle, row, statement

from structgen.engines.fake import FakeEngine
from structgen.longdoc.derivation import Derivation

Serve = Callable[..., str]
ATTACKERS = 50
LIST = {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}}


def endless(number: int) -> dict[str, Any]:
    """Return a schema of 2,000 characters with a hundred million lists, another one for each number."""
    members = {level: {f"p{n}": {"$ref": f"#/$defs/o{level + 1}"} for n in range(10)} for level in range(8)}
    objects = {f"o{level}": {"type": "object", "properties": members[level]} for level in members}
    return {"title": f"attack {number}", "$ref": "#/$defs/o0", "$defs": {**objects, "o8": LIST}}


def branching(number: int) -> dict[str, Any]:
    """Return a short schema whose items refer to one object in 216,000 ways."""
    levels = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 60} for n in range(3)}
    definitions = {**levels, "d3": LIST["items"]}
    members = {"rows": {"type": "array", "items": {"$ref": "#/$defs/d0"}}}
    return {"title": f"attack {number}", "type": "object", "properties": members, "$defs": definitions}


@pytest.mark.parametrize("schema", [endless, branching])
def test_fifty_hostile_schemas_at_once_hold_nobody_up(
    serve: Serve, schema: Callable[[int], dict[str, Any]]
) -> None:
    """All are answered, and an ordinary request between them as well."""
    url = serve(FakeEngine(["{}"]))
    document = "Name;Amount\n" + "".join(f"bolt {n};{n}.20\n" for n in range(2))

    def ask(number: int) -> int:
        body = {"schema": schema(number), "document": document, "on_shortfall": "report"}
        body["limits"] = {"max_attempts": 1}
        return httpx.post(f"{url}/v1/extract", json=body, timeout=120).status_code

    with ThreadPoolExecutor(ATTACKERS) as pool:
        attacks = [pool.submit(ask, number) for number in range(ATTACKERS)]
        body = {"schema": {"type": "object"}, "document": "Name: bolt"}
        assert httpx.post(f"{url}/v1/extract", json=body, timeout=120).status_code == 200
        statuses = {attack.result() for attack in attacks}
    assert statuses <= {200, 422, 429}
    assert 200 in statuses


def test_schemas_of_segments_are_derived_in_worker_processes(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service itself derives none: neither of rows, nor of what is around them."""

    def derived_here(derivation: Derivation, schema: Any) -> None:
        raise AssertionError(f"the service derived {derivation}")

    url = serve(Oracle())
    monkeypatch.setattr(Derivation, "of", derived_here)
    for rows in (3, 130):
        body = {"schema": STATEMENT, "document": statement(rows), "limits": {"rows_per_segment": 30}}
        answer = httpx.post(f"{url}/v1/extract", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"]["rows"] == list(map(row, range(rows)))
