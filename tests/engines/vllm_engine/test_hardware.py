"""What there is to run on, as the driver's own program tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from structgen.engines.vllm import hardware
from structgen.engines.vllm.hardware import Hardware
from structgen.errors import ConfigError


@pytest.fixture
def smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in place of nvidia-smi, for two cards of 80 and two of 40 GB."""
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 81559\necho 81559\necho 40960\necho 40960\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return program


@pytest.mark.parametrize(
    ("visible", "gpus"),
    [
        (None, (79.6, 79.6, 40.0, 40.0)),
        ("2,0", (40.0, 79.6)),
        ("0,9", (79.6,)),
        ("GPU-8f2c, GPU-11aa", (79.6, 79.6)),
        ("", ()),
        ("-1", ()),
    ],
    ids=["all", "chosen", "not there", "by name", "none", "hidden"],
)
def test_gpus_that_may_be_used(smi: Path, visible: str | None, gpus: tuple[float, ...]) -> None:
    """GPUs are listed in the order of CUDA_VISIBLE_DEVICES."""
    here = hardware.detect(visible)
    assert here.gpus == gpus
    assert here.cpu_threads >= 1
    assert here.memory_gib > 0


def test_a_driver_that_does_not_answer(smi: Path) -> None:
    """A driver that fails counts as none, and torch is queried."""
    smi.write_text("#!/bin/sh\necho 'NVIDIA-SMI has failed'\nexit 9\n")
    assert hardware.detect().gpus == ()


@pytest.mark.parametrize(
    ("text", "gpus", "shown"),
    [
        ("8x80", (80.0,) * 8, "8 GPUs of 80 GiB"),
        ("1x140.4", (140.4,), "1 GPU of 140.4 GiB"),
        ("0", (), "CPU threads"),
    ],
)
def test_described_gpus(text: str, gpus: tuple[float, ...], shown: str) -> None:
    """A description of GPUs is parsed, and shown in the same words."""
    told = hardware.parse_gpus(text)
    assert told.gpus == gpus
    assert shown in str(told)


@pytest.mark.parametrize("text", ["8", "80GB", "0x80", "8x0", "8x80x2", "", "-1x80"])
def test_invalid_descriptions(text: str) -> None:
    """An invalid description is an error with an example."""
    with pytest.raises(ConfigError, match="8x80"):
        hardware.parse_gpus(text)


def test_gpus_of_several_sizes() -> None:
    """Different GPUs are listed one by one."""
    assert str(Hardware((80, 40))) == "GPUs of 80, 40 GiB"
