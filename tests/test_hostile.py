"""The service survives every attack of the hostile benchmark's small form and caches no wrong verdict."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
QUICK = ["silent", "dripping", "sending_on", "unread", "oversized", "killing_workers"]
"""Attacks that leave no work behind that a busy machine takes long to finish."""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_the_service_outlives_its_attackers() -> None:
    """The service answers ordinary requests after silent, dripping and unread connections, endless bodies and oversized documents."""
    pytest.importorskip("torch")
    command = [sys.executable, str(BENCHMARKS / "hostile.py"), "--small", "--only", *QUICK]
    environment = {**os.environ, "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"\n{name} " in done.stdout for name in QUICK)
