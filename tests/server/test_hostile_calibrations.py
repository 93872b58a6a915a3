"""Fifty clients of `/v1/calibrate` that wait, drip or leave do not disturb the others."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from structgen.config import Timeouts
from structgen.engines.fake import FakeEngine

Serve = Callable[..., str]
CLIENTS = 50
FIRST = (0, 3)
"""Clients that wait for their turn before the others come."""
CONTACT = '{"full_name":"A B","email":"a@b.example","phone":"1"}'
KNOWN = {"schema": "contact", "document": "A B, a@b.example, 1"}
QUICK = 2.0
"""Seconds for `/health`, on a machine that is busy with calibrations and other tests."""


def rows(client: int, count: int) -> list[dict[str, Any]]:
    """Return labelled rows, other ones for each client."""
    return [
        {
            "document": f"Total: {n}.50 EUR for order {client}",
            "data": {"total": n + 9.25 if n % 3 == 0 else n + 0.5, "order": client + n % 5},
            "gold": {"total": n + 0.5, "order": client},
        }
        for n in range(count)
    ]


def request(client: int) -> bytes:
    body = json.dumps({"rows": rows(client, 40 + client)}).encode()
    head = f"POST /v1/calibrate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Content-Type: application/json\r\n\r\n".encode() + body


async def waits(url: str, client: int) -> tuple[int, dict[str, Any]]:
    """Send a request, and return its response."""
    async with httpx.AsyncClient(timeout=120) as http:
        response = await http.post(f"{url}/v1/calibrate", json={"rows": rows(client, 40 + client)})
    assert response.status_code == 200 or "retry-after" in response.headers
    return response.status_code, response.json()


async def drips(url: str, client: int) -> int:
    """Send a request one byte at a time, and return the status of the refusal."""
    host, _, port = urlsplit(url).netloc.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    data = request(client)
    begin = data.index(b"\r\n\r\n") + 4
    writer.write(data[:begin])
    answer = asyncio.ensure_future(reader.read())
    for at in range(begin, begin + 600):
        if answer.done():
            break
        writer.write(data[at : at + 1])
        await asyncio.wait([answer], timeout=0.05)
    told = await asyncio.wait_for(answer, 60)
    writer.close()
    return int(told.split()[1])


async def leaves(url: str, client: int, seconds: float) -> None:
    """Send a whole request, and disconnect some time later."""
    host, _, port = urlsplit(url).netloc.partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(request(client))
    await writer.drain()
    await asyncio.sleep(seconds)
    writer.close()


async def bystander(url: str, ended: asyncio.Event) -> tuple[list[float], set[int]]:
    """Return the seconds of each `/health` until the others end, and the statuses of extractions."""
    seconds, statuses = [], set()
    async with httpx.AsyncClient(timeout=30) as http:
        while not ended.is_set():
            started = time.monotonic()
            assert (await http.get(f"{url}/health")).status_code == 200
            seconds.append(time.monotonic() - started)
            statuses.add((await http.post(f"{url}/v1/extract", json=KNOWN)).status_code)
            await asyncio.sleep(0.02)
    return seconds, statuses


async def comes_to_run(count: int) -> None:
    """Wait until so many calibrations run."""
    for _ in range(1000):
        if calibrations_running() == count:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{calibrations_running()} calibrations run, not {count}")


def calibrations_running() -> int:
    """Return the number of processes of this one that calibrate."""
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            continue
        count += parent == os.getpid() and b"structgen.evidence.calibration" in command
    return count


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted in /proc")
async def test_calibrations_of_many_clients_do_not_disturb_others(serve: Serve) -> None:
    """Whoever waits gets a calibration of its own rows or a time to retry; the others cost them nothing."""
    url = serve(FakeEngine([CONTACT]), timeouts=Timeouts(body=1.5))
    ended = asyncio.Event()
    beside = asyncio.ensure_future(bystander(url, ended))
    leaving = [asyncio.ensure_future(leaves(url, 2, 0.8))]  # it leaves while it is calibrated
    await comes_to_run(1)
    waiting = [asyncio.ensure_future(waits(url, n)) for n in FIRST]
    await asyncio.sleep(2)  # on a busy machine, their requests take a while to arrive
    waiting += [asyncio.ensure_future(waits(url, n)) for n in range(6, CLIENTS, 3)]
    dripping = [asyncio.ensure_future(drips(url, n)) for n in range(1, CLIENTS, 3)]
    leaving += [asyncio.ensure_future(leaves(url, n, n % 4 * 0.4)) for n in range(5, CLIENTS, 3)]
    answers = dict(zip(range(0, CLIENTS, 3), await asyncio.gather(*waiting), strict=True))
    assert set(await asyncio.gather(*dripping)) == {408}
    await asyncio.gather(*leaving)
    ended.set()
    seconds, statuses = await beside

    assert statuses == {200}
    assert len(seconds) >= 10
    assert max(seconds) < QUICK
    assert [answers[n][0] for n in FIRST] == [200, 200]
    assert {status for status, _ in answers.values()} == {200, 429}
    served = {n: body["report"]["documents"] for n, (status, body) in answers.items() if status == 200}
    assert served == {n: 40 + n for n in served}
    await comes_to_run(0)
    assert (await waits(url, 1))[0] == 200, "those who left take up a turn"
