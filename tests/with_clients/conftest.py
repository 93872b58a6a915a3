"""One service of random weights for all clients, and their processes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from client_cells import EXAMPLES, JAVASCRIPT, Client
from client_process import KEY, ClientProcess, surroundings

from structgen.models import DEMO_MODEL

SERVE = [sys.executable, "-c", "from structgen.cli import main; main()", "serve", "--port", "0"]


@pytest.fixture(scope="session")
def environments() -> Path:
    """Return the folder with the clients' environments, which `make test-clients` makes and names."""
    if not (folder := os.environ.get("CLIENT_ENVIRONMENTS")):
        pytest.skip("`make test-clients` runs the clients")
    environments = Path(folder).resolve()
    for scripts in (JAVASCRIPT, EXAMPLES / "javascript"):  # Node looks for packages beside the script
        for script in scripts.glob("*.mjs"):
            shutil.copy(script, environments / "javascript")
    return environments


def _serve(model: str, home: Path) -> Iterator[str]:
    """Run `structgen serve` with a key; yield the address of its API."""
    variables = {**os.environ, "STRUCTGEN_API_KEY": KEY}
    log = home / "service.log"
    with (
        log.open("w") as errors,
        subprocess.Popen([*SERVE, "--model", model], env=variables, stdout=errors, stderr=errors) as process,
    ):
        try:
            yield _address(process, log) + "/v1"
        finally:
            process.terminate()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Return the address in the log once the service is ready."""
    import time

    import httpx

    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        if address := re.search(r"http://127\.0\.0\.1:\d+", log.read_text()):
            httpx.get(f"{address[0]}/ready", timeout=90).raise_for_status()
            return address[0]
        time.sleep(0.1)
    raise AssertionError(f"the service did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def random_service(environments: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the service with a model of random weights: what is valid, the grammar made valid."""
    from training.architecture import write_random

    folder = tmp_path_factory.mktemp("random")
    write_random(folder / "model")
    yield from _serve(str(folder / "model"), folder)


@pytest.fixture(scope="session")
def shipped_service(environments: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the service with the shipped model."""
    if not (DEMO_MODEL / "model.safetensors").is_file():
        pytest.skip("the shipped model is not in this checkout")
    yield from _serve(str(DEMO_MODEL), tmp_path_factory.mktemp("shipped"))


@pytest.fixture(scope="session")
def process_of(
    environments: Path, random_service: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Client], ClientProcess]]:
    """Give the running process of a client; only one runs at a time."""
    running: list[ClientProcess] = []

    def give(client: Client) -> ClientProcess:
        if running and (running[0].client != client or not running[0].alive):
            running.pop().close()
        if not running:
            variables = {"BASE_URL": random_service, "API_KEY": KEY, "MODEL": "tests"}
            home = tmp_path_factory.mktemp("home")
            running.append(ClientProcess(client, environments, surroundings(home, **variables)))
        return running[0]

    yield give
    for process in running:
        process.close()
