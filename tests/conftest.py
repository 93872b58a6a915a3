"""Fixtures that tests of several packages share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest

from structgen.engines import Engine

hypothesis.settings.register_profile("any-machine", deadline=None)
hypothesis.settings.load_profile("any-machine")
SOCKETS = {"serve", "shared_serve", "running"}
"""Fixtures that start a service."""
MARKED = {
    "sockets": ("client", "engines/remote", "engines/test_hub_models.py", "server/test_connections.py"),
    "torch": (
        "engines/local", "engines/outlines_engine", "engines/vllm_engine", "engines/test_contract.py",
        "prompts", "training", "with_vllm", "test_examples.py", "server/test_schemathesis.py",
    ),
    "slow": ("parsing/test_repair_properties.py", "parsing/test_repair_account.py", "files/test_hostile_files.py", "schema/test_report.py", "workers", "test_benchmarks.py", "test_distribution.py", "server/test_schemathesis.py", "with_browser"),
}  # fmt: skip
"""Markers of whole files and folders, which start servers, models or other processes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ignore warnings of vLLM and its imports; mark the tests that start a service or need torch."""
    for item in items:
        if "vllm" in item.nodeid:
            item.add_marker(pytest.mark.filterwarnings("default"))
        if SOCKETS & set(getattr(item, "fixturenames", ())):
            item.add_marker("sockets")
        for marker in _path_markers(item.path):
            item.add_marker(marker)


@cache
def _path_markers(path: Path) -> tuple[str, ...]:
    """Return the markers that a file's tests have by its place, and `torch` if they are skipped without it."""
    place = path.relative_to(Path(__file__).parent).as_posix()
    markers = {marker for marker, places in MARKED.items() if place.startswith(places)}
    if 'importorskip("torch"' in path.read_text("utf-8"):
        markers.add("torch")
    return tuple(sorted(markers))


@contextmanager
def running(engine: Engine, start_seconds: float = 60, **settings: Any) -> Iterator[str]:
    """Run the real service on a free loopback port, in a thread, and give its address.

    Every response is held against the OpenAPI document.
    """
    from documented_responses import DocumentedResponses

    from structgen.config import ServerConfig
    from structgen.server.uvicorn_server import make_server

    server = make_server(ServerConfig(port=0, **settings), engine)
    responses = DocumentedResponses(server.config.app)  # type: ignore[arg-type]
    server.config.app = responses  # type: ignore[assignment]
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + start_seconds
        while not server.started:
            assert thread.is_alive(), "the service did not start"
            assert time.monotonic() < until, "the service is not up"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        httpx.get(f"{url}/health")  # answered only after the line that says where it listens
        yield url
    finally:
        server.should_exit = True
        thread.join()
    assert responses.faults == []


Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start services that end with the test: `serve(engine, api_key=...)` returns an address."""
    with ExitStack() as stack:
        yield lambda engine, **settings: stack.enter_context(running(engine, **settings))


@pytest.fixture(scope="module")
def shared_serve() -> Iterator[Serve]:
    """Start services that all tests of a file share, because starting one takes longer than most tests."""
    with ExitStack() as stack:
        yield lambda engine, **settings: stack.enter_context(running(engine, **settings))


Running = Callable[..., AbstractContextManager[str]]


@pytest.fixture(name="running", scope="session")
def running_service() -> Running:
    """Run a service in a `with` block, for tests of what happens when it stops."""
    return running
