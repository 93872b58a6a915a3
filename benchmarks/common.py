"""What the benchmarks share: the service as a process of its own."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def process(*options: str) -> Iterator[tuple[str, int]]:
    """`structgen serve` on a free port: its address and its process id."""
    command = [sys.executable, "-m", "structgen.cli", "serve", "--port", "0", *options]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert child.stderr is not None
        for line in child.stderr:
            if found := re.search(r"http://\S+", line):
                break
        else:
            raise SystemExit("the service did not start")
        # A pipe that nobody reads fills up, and the service stops at its next line of the log.
        threading.Thread(target=child.stderr.read, daemon=True).start()
        yield found.group(), child.pid
    finally:
        child.terminate()
        child.wait(timeout=60)


@contextmanager
def service(*options: str) -> Iterator[str]:
    """Its address alone."""
    with process(*options) as (url, _):
        yield url
