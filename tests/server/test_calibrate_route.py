"""`POST /v1/calibrate` fits in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

import structgen
from structgen import AsyncClient, Client
from structgen.engines.fake import FakeEngine
from structgen.errors import BadRequest, InputLimit, Overloaded
from structgen.evidence.calibration.calibration import Calibration
from structgen.server import calibration_process
from structgen.server.calibration_process import CalibrationProcesses

Serve = Callable[..., str]


def rows(count: int) -> list[dict[str, Any]]:
    return [
        {
            "document": f"Total: {n}.50 EUR",
            "data": {"total": n + 9.25 if n % 3 == 0 else n + 0.5},
            "gold": {"total": n + 0.5},
        }
        for n in range(count)
    ]


def post(url: str, **body: Any) -> httpx.Response:
    return httpx.post(f"{url}/v1/calibrate", json=body, timeout=60)


def test_rows_give_a_calibration_and_its_report(serve: Serve) -> None:
    """The response has the contents of a calibration file; faulty rows are a 400 with their pointers."""
    url = serve(FakeEngine(["{}"]))
    answer = post(url, rows=rows(120), schema={"properties": {"total": {"type": "number"}}})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["report"]["count"] == 120
    assert Calibration.from_json(body["calibration"]).schema_hash
    faulty = post(url, rows=[*rows(1), {"document": "x", "data": 1}])
    assert faulty.status_code == 400
    assert faulty.json()["violations"][0]["pointer"] == "/rows/1/gold"
    assert post(url, rows=rows(1)).status_code == 400


async def test_both_clients_calibrate(serve: Serve) -> None:
    """What they return is the contents of a file; this one cannot rank, and gives no confidence."""
    url, schema = serve(FakeEngine(["{}"])), {"properties": {"total": {"type": "number"}}}
    with Client(url) as client:
        result = client.calibrate(iter(rows(120)), schema)
        with pytest.raises(BadRequest, match="/rows/1/gold"):
            client.calibrate([*rows(1), {"document": "x", "data": 1}])
    async with AsyncClient(url) as other:
        assert await other.calibrate(rows(120), schema) == result
    assert result.verdict == result.report["verdict"]
    assert result.ranks is result.report["ranks"] is False
    for ranks in (False, True):
        contents = {**result.calibration, "ranks": ranks}
        place = structgen.ground({"total": 3.5}, schema, "Total: 3.50 EUR", calibration=contents)["/total"]
        assert (place.confidence is not None) is ranks


async def test_a_calibration_that_takes_too_long_is_ended() -> None:
    """The process is killed, and the error says what to do."""
    with pytest.raises(InputLimit, match="give fewer rows"):
        await CalibrationProcesses(seconds=0.05).calibrate(None, rows(3))


async def test_too_many_calibrations_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a few wait for their turn."""
    monkeypatch.setattr(calibration_process, "MAX_WAITING", -1)
    with pytest.raises(Overloaded, match="wait already"):
        await CalibrationProcesses().calibrate(None, rows(3))
