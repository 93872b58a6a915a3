"""The images cannot be built in these tests; what must stay true of their files is read from them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
DOCKER = ROOT / "docker"
IMAGES = ["gpu", "cpu"]
LOAD = 20 * 60
"""Seconds that the weights of the 405B model may take."""


def dockerfile(image: str) -> str:
    return (DOCKER / f"{image}.Dockerfile").read_text("utf-8").replace("\\\n", " ")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    return dict(yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))["services"])


def seconds(text: str) -> int:
    return int(text[:-1]) * {"s": 1, "m": 60, "h": 3600}[text[-1]]


def test_vllm_is_the_one_that_is_pinned() -> None:
    """The base image's tag is the version of the extra."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (pinned,) = extras["vllm"]
    assert f"ARG BASE=vllm/vllm-openai:v{pinned.removeprefix('vllm==')}\n" in dockerfile("gpu")


def test_torch_is_the_one_of_the_tests() -> None:
    """The version that `make test` installs."""
    installed = re.search(r"torch==\S+", (ROOT / "Makefile").read_text())
    assert installed is not None
    assert installed[0] in dockerfile("cpu")


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_serves_as_nobody_special(image: str) -> None:
    """All interfaces, which demands the key; and never as root."""
    text = dockerfile(image)
    assert re.search(r'^ENTRYPOINT \["structgen", "serve", "--host", "0\.0\.0\.0"', text, re.MULTILINE)
    assert text.index("\nUSER 10001\n") < text.index("\nENTRYPOINT")
    assert "API_KEY" not in text


@pytest.mark.parametrize("image", IMAGES)
def test_what_is_copied_is_let_through(image: str) -> None:
    """`.dockerignore` keeps out all that no image copies, and nothing that one does."""
    let = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [line.split()[1:-1] for line in dockerfile(image).splitlines() if line.startswith("COPY ")]
    assert {name for names in copied for name in names} == let
    assert all((ROOT / name).exists() for name in let)


def test_probes_wait_for_the_weights(services: dict[str, Any]) -> None:
    """In the image and in the compose file; and they ask for what the service answers."""
    found = re.search(r"--start-period=(\w+)", dockerfile("gpu"))
    assert found is not None
    assert seconds(found[1]) > LOAD
    assert seconds(services["gpu"]["healthcheck"]["start_period"]) > LOAD
    assert "/ready" in services["gpu"]["healthcheck"]["test"][-1]
    assert '"/ready"' in (ROOT / "structgen/server/controllers/operations.py").read_text()


def test_the_gpu_service_has_what_it_needs(services: dict[str, Any]) -> None:
    """All GPUs, shared memory as in the public recipe, and weights that outlive the container."""
    gpu = services["gpu"]
    (device,) = gpu["deploy"]["resources"]["reservations"]["devices"]
    assert (device["driver"], device["count"], device["capabilities"]) == ("nvidia", "all", ["gpu"])
    assert gpu["shm_size"] == "32gb"
    assert gpu["volumes"] == ["models:/models"]
    assert "HF_HOME=/models" in dockerfile("gpu")


def test_no_service_without_a_key(services: dict[str, Any]) -> None:
    """Compose itself refuses."""
    for service in services.values():
        assert service["environment"]["STRUCTGEN_API_KEY"].startswith("${STRUCTGEN_API_KEY:?")


@pytest.mark.parametrize("image", IMAGES)
def test_a_base_image_is_an_exact_release(image: str) -> None:
    """Three numbers at least, or whatever digest the builder gives in its place."""
    text = dockerfile(image)
    assert re.search(r"^ARG BASE=\S+:v?\d+\.\d+\.\d+\S*\nFROM \$\{BASE\}$", text, re.MULTILINE)


def test_a_service_gets_no_more_than_it_needs(services: dict[str, Any]) -> None:
    """Bounds on memory, processes and open files; no capability, no new privilege, nothing to write to."""
    for service in services.values():
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert service["read_only"] is True
        assert service["mem_limit"] == service["memswap_limit"]
        assert service["pids_limit"] > 0
        assert service["ulimits"]["nofile"]["hard"] > 0
        assert service["ports"] == ["${STRUCTGEN_BIND:-127.0.0.1}:${STRUCTGEN_PORT:-8000}:8000"]


def test_every_dependency_has_an_upper_bound() -> None:
    """A release that breaks something is not installed before it was tried."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(d for of in project["optional-dependencies"].values() for d in of)]
    ours = re.compile(project["name"] + r"\[")
    assert [d for d in wanted if "<" not in d and "==" not in d and not ours.match(d)] == []
