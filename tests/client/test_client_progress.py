"""Coverage, absence and progress of a long document, as both clients read them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from pydantic import BaseModel
from scripted_service import ATTEMPT, USAGE, Connect, answer, json, problem

from structgen import json_text
from structgen.errors import BadResponse, Incomplete, Unsatisfied
from structgen.types import Coverage, Progress, Span

COVERAGE = {
    "/rows": {
        "expected": 3,
        "found": 2,
        "unclaimed": [{"start": 4, "end": 9}],
        "basis": "table",
        "certain": True,
    }
}
READ = {"/rows": Coverage(3, 2, (Span(4, 9),), "table", True)}


class Bill(BaseModel):
    total: float


def stream(*events: tuple[str, Any]) -> httpx.Response:
    text = "".join(f"event: {name}\ndata: {json_text.dumps(data)}\n\n" for name, data in events)
    return httpx.Response(200, content=text.encode(), headers={"content-type": "text/event-stream"})


def test_a_result_has_coverage_and_absence(connect: Connect) -> None:
    """They are typed; a result of an older service has none."""
    client, service = connect(
        json(200, {**answer({}), "coverage": COVERAGE, "absent": ["/total"]}), json(200, answer({}))
    )
    result = client.result({}, "text", on_shortfall="report", on_absent="null")
    assert (result.coverage, result.absent) == (READ, ("/total",))
    assert (service.bodies[0]["on_shortfall"], service.bodies[0]["on_absent"]) == ("report", "null")
    older = client.result({}, "text")
    assert (older.coverage, older.absent) == ({}, ())
    assert not {"on_shortfall", "on_absent"} & set(service.bodies[1])


@pytest.mark.parametrize(
    "members",
    [
        {"coverage": 1},
        {"coverage": {"/rows": {"expected": 3}}},
        {"coverage": {"/rows": {**COVERAGE["/rows"], "certain": 1}}},
        {"coverage": {"/rows": {**COVERAGE["/rows"], "found": True}}},
        {"absent": "/total"},
        {"absent": [1]},
    ],
)
def test_other_shapes_are_refused_on_reading(connect: Connect, members: dict[str, Any]) -> None:
    """A response with them does not come from the service."""
    client, _ = connect(json(200, {**answer({}), **members}))
    with pytest.raises(BadResponse):
        client.result({}, "text")


def test_an_incomplete_list_has_its_coverage(connect: Connect) -> None:
    """One that cannot be read is left out, and the error stays what it is."""
    account = {"attempts": [ATTEMPT], "usage": USAGE, "partial": {"rows": []}, "cut_at": "/rows"}
    client, _ = connect(
        json(422, problem("incomplete", **account, coverage=COVERAGE)),
        json(422, problem("incomplete", **account, coverage=[1])),
    )
    for expected in (READ, None):
        with pytest.raises(Incomplete) as caught:
            client.extract({}, "text")
        assert caught.value.coverage == expected


def test_progress_reaches_the_callback(connect: Connect) -> None:
    """The request streams then; events that the client does not know change nothing."""
    client, service = connect(
        stream(
            ("progress", {"segments_done": 0, "segments": 2, "rows": 0}),
            ("weather", {"sunny": True}),
            ("partial", {"data": {}}),
            ("progress", {"segments_done": 2, "segments": 2, "rows": 40}),
            ("result", answer({"a": 1})),
        )
    )
    told: list[Progress] = []
    assert client.extract({}, "text", on_progress=told.append) == {"a": 1}
    assert told == [Progress(0, 2, 0), Progress(2, 2, 40)]
    assert service.bodies[0]["stream"] is True
    assert "on_progress" not in service.bodies[0]


def test_progress_comes_between_items_and_partial_objects(connect: Connect) -> None:
    """`iter_extract` and `stream` yield what they did without it."""
    progress = ("progress", {"segments_done": 1, "segments": 2, "rows": 1})
    client, _ = connect(
        stream(progress, ("item", {"index": 0, "data": 7}), ("result", answer([7]))),
        stream(progress, ("partial", {"data": []}), ("result", answer([7]))),
        stream(progress, ("result", answer([7]))),
    )
    told: list[Progress] = []
    assert list(client.iter_extract({"type": "array"}, "text", on_progress=told.append)) == [7]
    assert list(client.stream({"type": "array"}, "text", on_progress=told.append)) == [[], [7]]
    assert told == [Progress(1, 2, 1)] * 2
    assert list(client.stream({"type": "array"}, "text")) == [[7]]


def test_progress_of_another_shape_is_refused(connect: Connect) -> None:
    """It does not come from the service."""
    client, _ = connect(stream(("progress", {"segments_done": "1"})))
    with pytest.raises(BadResponse):
        client.extract({}, "text", on_progress=print)


def test_a_type_without_null_names_on_absent(connect: Connect) -> None:
    """The object is not sent back: another answer would not say more than the document."""
    client, service = connect(json(200, {**answer({"total": None}), "absent": ["/total"]}))
    with pytest.raises(Unsatisfied, match=r"does not say /total: on_absent=\"null\".*takes no null"):
        client.extract(Bill, "text", on_absent="null")
    assert len(service.bodies) == 1
