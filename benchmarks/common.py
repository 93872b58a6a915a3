"""Shared by the benchmarks: the command line, counts in words, and a service in a process of its own."""

import argparse
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any


def parsed(parser: argparse.ArgumentParser, **small: Any) -> argparse.Namespace:
    """Parse the command line; `--small` takes these defaults, with which everything runs once and briefly."""
    parser.add_argument("--small", action="store_true", help="the shortest run that goes through everything")
    if "--small" in sys.argv:
        parser.set_defaults(**small)
    return parser.parse_args()


def words(counts: Mapping[str, int]) -> str:
    """Write counts as `12 valid, 3 incomplete`, the largest first."""
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{count} {name}" for name, count in ordered) or "none"


@contextmanager
def process(*options: str) -> Iterator[tuple[str, int]]:
    """Run `structgen serve` on a free port; yield its address and process id."""
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
    """Run `structgen serve` on a free port; yield its address."""
    with process(*options) as (url, _):
        yield url
