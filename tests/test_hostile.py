"""The small form of the hostile benchmark: after every attack the service is whole, and keeps nothing wrongly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
QUICK = ["silent", "dripping", "sending_on", "unread", "oversized", "killing_workers"]
"""Those that leave no work behind which a busy machine takes long to end."""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_the_service_outlives_its_attackers() -> None:
    """Silent, dripping and unread connections, bodies without an end, oversized documents."""
    pytest.importorskip("torch")
    command = [sys.executable, str(BENCHMARKS / "hostile.py"), "--small", "--only", *QUICK]
    environment = {**os.environ, "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"\n{name} " in done.stdout for name in QUICK)
