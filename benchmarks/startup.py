"""Time one document: cold from the command line, and on a warm service, beside the bare imports.

All in one run, as the machine's speed drifts: `python benchmarks/startup.py [--runs 3]`.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from common import parsed, service

from structgen import Client

EXAMPLES = Path(__file__).parents[1] / "examples"
DOCUMENT = EXAMPLES / "invoice.txt"
CLI = [sys.executable, "-m", "structgen.cli"]


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parsed(parser, runs=1).runs
    text = DOCUMENT.read_text()
    with service() as url, Client(url) as client:
        works: dict[str, Callable[[], object]] = {
            "import torch, transformers": lambda: run(sys.executable, "-c", "import torch, transformers"),
            "structgen extract, cold": lambda: run(*CLI, "extract", "--schema", "invoice", str(DOCUMENT)),
            "structgen extract --url, warm service": lambda: run(
                *CLI, "extract", "--url", url, "--schema", "invoice", str(DOCUMENT)
            ),
            "client.extract, warm service": lambda: client.extract("invoice", text),
        }
        client.extract("invoice", text)
        found: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(runs):
            for name, work in works.items():
                found[name].append(seconds(work))
    bare = statistics.median(found["import torch, transformers"])
    print(f"{'median of ' + str(runs):40} {'seconds':>8} {'ratio to the bare imports':>26}")
    for name, times in found.items():
        median = statistics.median(times)
        print(f"{name:40} {median:8.2f} {median / bare:26.2f}")


if __name__ == "__main__":
    main()
