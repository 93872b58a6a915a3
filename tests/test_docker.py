"""The Docker files name tested releases, give the service only what it needs, and probe the right route.

The images cannot be built where these tests run.
"""

from __future__ import annotations

import json
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


def instructions(image: str) -> list[tuple[str, str]]:
    """Return the instructions of a Dockerfile as (keyword, value), with continued lines joined."""
    text = (DOCKER / f"{image}.Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    pairs = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(keyword, " ".join(value.split())) for keyword, _, value in pairs]


def values(image: str, keyword: str) -> list[str]:
    """Return the values of all instructions with that keyword."""
    return [value for name, value in instructions(image) if name == keyword]


def option(value: str, name: str) -> str:
    """Return the value of an option of an instruction, such as `--start-period`."""
    options = dict(word.removeprefix("--").split("=", 1) for word in value.split() if word.startswith("--"))
    return options[name]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    return dict(yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))["services"])


def seconds(text: str) -> int:
    return int(text[:-1]) * {"s": 1, "m": 60, "h": 3600}[text[-1]]


def test_the_image_has_the_pinned_vllm() -> None:
    """The tag of the GPU image's base is the version that the extra `vllm` pins."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (pinned,) = extras["vllm"]
    assert f"BASE=vllm/vllm-openai:v{pinned.removeprefix('vllm==')}" in values("gpu", "ARG")


def test_the_image_has_the_tested_torch() -> None:
    """The CPU image installs the version of torch that `make test` installs."""
    (installed,) = re.findall(r"torch==[\d.]+", (ROOT / "Makefile").read_text())
    assert any(installed in command.split() for command in values("cpu", "RUN"))


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_serves_without_root_and_without_a_key_of_its_own(image: str) -> None:
    """The service listens on all interfaces, which demands a key at the start, and runs as an ordinary user."""
    (entry,) = values(image, "ENTRYPOINT")
    assert json.loads(entry)[:4] == ["structgen", "serve", "--host", "0.0.0.0"]
    assert values(image, "USER")[-1] == "10001"
    assert not any("API_KEY" in value for _, value in instructions(image))


@pytest.mark.parametrize("image", IMAGES)
def test_dockerignore_admits_exactly_what_the_image_copies(image: str) -> None:
    """`.dockerignore` excludes every file that no image copies and admits every file that one copies."""
    admitted = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    assert {name for value in values(image, "COPY") for name in value.split()[:-1]} == admitted
    assert all((ROOT / name).exists() for name in admitted)


def test_probes_wait_for_the_weights(services: dict[str, Any]) -> None:
    """The probes of image and compose file ask /ready, and start later than the weights take to load."""
    (probe,) = values("gpu", "HEALTHCHECK")
    assert seconds(option(probe, "start-period")) > LOAD
    assert "/ready" in probe
    assert seconds(services["gpu"]["healthcheck"]["start_period"]) > LOAD
    assert "/ready" in services["gpu"]["healthcheck"]["test"][-1]


def test_the_gpu_service_has_what_it_needs(services: dict[str, Any]) -> None:
    """The GPU service gets all GPUs, 32 GB of shared memory, and a volume for the weights."""
    gpu = services["gpu"]
    (device,) = gpu["deploy"]["resources"]["reservations"]["devices"]
    assert (device["driver"], device["count"], device["capabilities"]) == ("nvidia", "all", ["gpu"])
    assert gpu["shm_size"] == "32gb"
    assert gpu["volumes"] == ["models:/models"]
    assert any("HF_HOME=/models" in value.split() for value in values("gpu", "ENV"))


def test_no_service_without_a_key(services: dict[str, Any]) -> None:
    """Compose refuses to start a service without an API key."""
    for service in services.values():
        assert service["environment"]["STRUCTGEN_API_KEY"].startswith("${STRUCTGEN_API_KEY:?")


@pytest.mark.parametrize("image", IMAGES)
def test_a_base_image_is_an_exact_release(image: str) -> None:
    """The base image is a build argument whose default names a release with at least three numbers."""
    assert values(image, "FROM") == ["${BASE}"]
    assert re.fullmatch(r"BASE=\S+:v?\d+\.\d+\.\d+\S*", values(image, "ARG")[0])


def test_a_service_gets_no_more_than_it_needs(services: dict[str, Any]) -> None:
    """Compose bounds memory, processes and open files, drops all capabilities and mounts the root read-only."""
    for service in services.values():
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert service["read_only"] is True
        assert service["mem_limit"] == service["memswap_limit"]
        assert service["pids_limit"] > 0
        assert service["ulimits"]["nofile"]["hard"] > 0
        assert service["ports"] == ["${STRUCTGEN_BIND:-127.0.0.1}:${STRUCTGEN_PORT:-8000}:8000"]


def test_every_dependency_has_an_upper_bound() -> None:
    """Every dependency is held below a version that was not tested."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(d for of in project["optional-dependencies"].values() for d in of)]
    ours = re.compile(project["name"] + r"\[")
    assert [d for d in wanted if "<" not in d and "==" not in d and not ours.match(d)] == []
