"""The engine may die at any time: nobody is left without an answer, and it comes back by itself."""

import concurrent.futures
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

pytest.importorskip("vllm", reason="needs the extra `vllm`")

from structgen.engines import open_engine
from structgen.errors import ConfigError
from structgen.models import DEMO_MODEL

SMALL = {"enforce_eager": True, "max_model_len": 2048}
BODY = {
    "schema": {
        "type": "object",
        "properties": {
            "words": {"type": "array", "items": {"type": "string"}, "minItems": 20, "maxItems": 40}
        },
        "required": ["words"],
    },
    "document": "many words",
    "sampling": {"temperature": 1.0, "max_tokens": 900},
}


def engine_cores(parent: int) -> list[int]:
    """Process ids of vLLM's engines under that process."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                name = (folder / "comm").read_text()
                status = (folder / "status").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if name.startswith("VLLM::EngineCor") and f"PPid:\t{parent}\n" in status:
                found.append(int(folder.name))
    return found


def until(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.2)


def test_a_killed_engine_loses_only_what_was_in_flight(running: Callable) -> None:
    """Each such request is told 503 and when to come again; `/ready` tells the truth; then all is well."""
    others = set(engine_cores(os.getpid()))  # of other tests
    engine = open_engine("vllm", str(DEMO_MODEL), arguments=SMALL, slots=8, queue=32)
    with running(engine, start_seconds=300) as url, httpx.Client(base_url=url, timeout=120) as client:
        assert client.get("/ready").status_code == 200
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            pending = [pool.submit(client.post, "/v1/extract", json=BODY) for _ in range(12)]
            time.sleep(1.0)
            (core,) = set(engine_cores(os.getpid())) - others
            os.kill(core, signal.SIGKILL)
            answers = [p.result() for p in pending]
        lost = [a for a in answers if a.status_code == 503]
        assert lost
        assert all(a.status_code in (200, 422, 503) for a in answers), [a.status_code for a in answers]
        assert all(int(a.headers["retry-after"]) >= 1 for a in lost)
        assert all(a.json()["type"] == "/problems/engine-unavailable" for a in lost)
        assert client.get("/ready").status_code == 503
        until(lambda: client.get("/ready").status_code == 200, 300)
        schema = {"type": "object", "properties": {"total": {"type": "integer"}}, "required": ["total"]}
        again = client.post("/v1/extract", json={"schema": schema, "document": "Total: 12"})
        assert again.status_code == 200
    until(lambda: set(engine_cores(os.getpid())) <= others, 60)


def test_no_engine_survives_a_killed_service() -> None:
    """SIGKILL leaves the service no time to end it."""
    command = [sys.executable, "-m", "structgen.cli", "serve", "--engine", "vllm", "--model", str(DEMO_MODEL)]
    command += ["--port", "0", "--", "--enforce-eager", "--max-model-len", "2048"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as service:
        assert service.stderr is not None
        assert any("structgen listens on" in line for line in service.stderr)
        cores = engine_cores(service.pid)
        assert cores
        service.kill()
    until(lambda: not any(Path(f"/proc/{core}").exists() for core in cores), 15)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [({"tensor_parallel_size": 3}, "tensor"), ({"max_model_len": 10_000_000}, "max")],
    ids=["heads", "length"],
)
async def test_a_start_that_fails_says_what_to_change(arguments: dict[str, int], told: str) -> None:
    """In the words of the argument."""
    engine = open_engine("vllm", str(DEMO_MODEL), arguments={"enforce_eager": True, **arguments})
    with pytest.raises(ConfigError, match=told):
        await engine.start()


async def test_missing_weights_are_told_before_anything_starts(tmp_path: Path) -> None:
    """With the folder."""
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ConfigError, match="no weights"):
        await open_engine("vllm", str(tmp_path)).start()
