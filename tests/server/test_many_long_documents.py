"""Fifty clients send long documents: some leave, some never read; others are answered, and nothing runs on."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from structgen.engines.base import Capabilities, EngineRequest
from structgen.engines.fake import FakeEngine, Reply

STAY, LEAVE, UNREAD = 10, 20, 20
ROWS, AT_ONCE = 40, 4
LIST = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"item": {"type": "string"}, "price": {"type": "number"}},
        "required": ["item", "price"],
    },
}


class RowEngine(FakeEngine):
    """Answers the rows of a price list, as an object each, and counts the answers of each list."""

    def __init__(self) -> None:
        super().__init__([])
        self.capabilities = Capabilities(concurrency=8)
        self.answers: dict[str, int] = {}

    def _next(self, request: EngineRequest) -> Reply:
        text = request.prompt.messages[-1].content
        rows = re.findall(r"^((\w+)-part-\d+);(\d+)\.00$", text, re.MULTILINE)
        for name in {name for _, name, _ in rows}:
            self.answers[name] = self.answers.get(name, 0) + 1
        return Reply(
            json.dumps([{"item": item, "price": int(price)} for item, _, price in rows]), delay=0.002
        )

    @property
    def running(self) -> int:
        """Generations that run now."""
        return self._running


def body(name: str, **members: Any) -> dict[str, Any]:
    rows = "\n".join(f"{name}-part-{number};{number + 1}.00" for number in range(ROWS))
    limits = {"rows_per_segment": AT_ONCE, "max_attempts": 1}
    return {"schema": LIST, "document": f"Item;Price\n{rows}\n", "limits": limits, **members}


def stay(url: str, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.post(f"{url}/v1/extract", json=body(name), timeout=120).json()
    return answer


def leave(url: str, name: str) -> None:
    """Close the connection after the first segment."""
    streamed = body(name, stream=True)
    with httpx.stream("POST", f"{url}/v1/extract", json=streamed, timeout=120) as response:
        for line in response.iter_lines():
            if '"segments_done":1' in line:
                return
    raise AssertionError("the stream ended before its first segment")


def send_unread(url: str, name: str) -> socket.socket:
    """Send a request with a small window for its events, and read none of them."""
    host, port = url.removeprefix("http://").split(":")
    data = json.dumps(body(name, stream=True, stream_items=True)).encode()
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.connect((host, int(port)))
    head = f"POST /v1/extract HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    connection.sendall(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)
    return connection


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.slow
def test_those_who_leave_take_nothing_from_the_others(serve: Callable[..., str]) -> None:
    """A short request is answered beside them; the segments of those who left end, and so does all work."""
    engine = RowEngine()
    url = serve(engine, max_queue=1_000)
    with ThreadPoolExecutor(STAY + LEAVE) as pool:
        unread = [send_unread(url, f"unread{number}") for number in range(UNREAD)]
        leaving = [pool.submit(leave, url, f"leaves{number}") for number in range(LEAVE)]
        staying = [pool.submit(stay, url, f"stays{number}") for number in range(STAY)]
        wait_for(lambda: len(engine.answers) > 8)
        short = {"schema": LIST, "document": "Item;Price\nshort-part-1;2.00\n"}
        began = threading.active_count(), time.monotonic()
        answer = httpx.post(f"{url}/v1/extract", json=short, timeout=120).json()
        assert answer["data"] == [{"item": "short-part-1", "price": 2}], began
        for number, each in enumerate(staying):
            result = each.result()
            assert [row["item"] for row in result["data"]] == [f"stays{number}-part-{n}" for n in range(ROWS)]
            assert result["coverage"][""]["unclaimed"] == []
            assert {attempt["segment"] for attempt in result["attempts"]} == set(
                range(1, 1 + ROWS // AT_ONCE)
            )
        for each in leaving:
            each.result()
    for connection in unread:
        connection.close()
    wait_for(lambda: engine.running == 0)
    answers = dict(engine.answers)
    time.sleep(0.5)
    assert engine.answers == answers
    assert engine.running == 0
    wait_for(lambda: httpx.get(f"{url}/ready").json()["waiting"] == 0)
    left = sum(engine.answers[f"leaves{number}"] for number in range(LEAVE))
    assert left < LEAVE * ROWS // AT_ONCE
