"""Send 200 requests at once; measure memory, and how soon a slot is free after its caller left.

`python benchmarks/load.py [--requests 200] [--rounds 3]`; it needs Linux for the memory figures.
"""

import argparse
import concurrent.futures
import statistics
import time
from collections import Counter
from pathlib import Path

import httpx
from common import parsed, process, words

DOCUMENT = (Path(__file__).parents[1] / "examples" / "contact.txt").read_text()
ASK = {"schema": "contact", "document": DOCUMENT, "sampling": {"max_tokens": 400}}
# Nothing but integers, and 400 of them: long enough to be left alone in the middle.
ENDLESS = {
    "schema": {"type": "array", "items": {"type": "integer"}, "minItems": 400},
    "document": "numbers",
    "sampling": {"max_tokens": 3000, "temperature": 1.0},
}


def resident(pid: int) -> float:
    """Return the resident memory in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def round_of(client: httpx.Client, count: int) -> tuple[Counter[str], list[float]]:
    """Send `count` requests at once; return statuses and latencies in seconds."""

    def ask(_: int) -> tuple[str, float]:
        began = time.monotonic()
        try:
            answer = client.post("/v1/extract", json=ASK)
        except httpx.HTTPError as error:
            return f"LOST {type(error).__name__}", 0.0
        wait = answer.headers.get("retry-after")
        told = "" if answer.status_code == 200 or wait else " without Retry-After"
        return f"{answer.status_code}{told}", time.monotonic() - began

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        answers = list(pool.map(ask, range(count)))
    return Counter(status for status, _ in answers), [s for status, s in answers if status == "200"]


def freed_after(client: httpx.Client) -> float:
    """Return the seconds from a caller's disconnect until the engine is idle."""
    with client.stream("POST", "/v1/extract", json={**ENDLESS, "stream": True}) as answer:
        for line in answer.iter_lines():
            if line.startswith("event: text"):
                break
    left = time.monotonic()
    while client.get("/ready").json()["running"]:
        time.sleep(0.002)
    return time.monotonic() - left


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parsed(parser, requests=4, rounds=1)
    limits = httpx.Limits(max_connections=arguments.requests + 8)
    with process() as (url, pid), httpx.Client(base_url=url, timeout=300, limits=limits) as client:
        client.post("/v1/extract", json=ASK)
        print(f"resident before: {resident(pid):.0f} MiB")
        for number in range(arguments.rounds):
            statuses, times = round_of(client, arguments.requests)
            p50, p99 = statistics.median(times), sorted(times)[int(0.99 * len(times))]
            print(
                f"round {number + 1}: answers {words(statuses)}, of 200s p50 {p50:.2f} s, p99 {p99:.2f} s, "
                f"resident {resident(pid):.0f} MiB",
                flush=True,
            )
        freed = [freed_after(client) for _ in range(10)]
        median, most = statistics.median(freed) * 1000, max(freed) * 1000
        print(f"slot freed after a caller left: median {median:.0f} ms, most {most:.0f} ms")


if __name__ == "__main__":
    main()
