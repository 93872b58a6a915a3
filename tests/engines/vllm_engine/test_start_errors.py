"""A vLLM that does not start says what to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from structgen.engines.vllm.launch import _refusal

OFFLINE = (
    "Cannot find an appropriate cached snapshot folder for the specified revision on the local disk and "
    "outgoing traffic has been disabled."
)
UNREACHABLE = "We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them."
MEMORY = "ValueError: No available memory for the cache blocks."


@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        (OFFLINE, "unset HF_HUB_OFFLINE"),
        (UNREACHABLE, "hf download Qwen/Qwen3-0.6B"),
        (MEMORY, "raise gpu-memory"),
    ],
    ids=["offline", "no network", "memory"],
)
def test_the_error_has_its_remedy(tmp_path: Path, message: str, remedy: str) -> None:
    """Whether the error comes from the service's process or from the log of the engine's."""
    log = tmp_path / "errors"
    assert remedy in str(_refusal("Qwen/Qwen3-0.6B", RuntimeError(message), log))
    log.write_text(f"{message}\n")
    told = str(_refusal("Qwen/Qwen3-0.6B", RuntimeError("Engine core initialization failed"), log))
    assert remedy in told
    assert "Qwen/Qwen3-0.6B" in told
