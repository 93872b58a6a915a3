"""`make demo`: start the service on a free port, extract a real document over HTTP, show what came of it."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

from structgen import Client, Schema

HERE = Path(__file__).parent
NAME = "invoice"


def main() -> None:
    document = (HERE / f"{NAME}.txt").read_text()
    command = [sys.executable, "-m", "structgen.cli", "serve", "--port", "0"]
    print("starting the service:", "structgen serve --port 0")
    service = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        url = address(service)
        print(f"it listens on {url}\n\n--- the document ---\n{document}")
        with Client(url) as client:
            began = time.monotonic()
            result = client.result(NAME, document)
            seconds = time.monotonic() - began
        print("--- the object ---")
        print(json.dumps(result.data, indent=2, ensure_ascii=False))
        print(f"\n--- the account: {seconds:.2f} s ---")
        for attempt in result.attempts:
            print(json.dumps(attempt.to_json()))
        violations = Schema.parse(HERE.parent / "schemas" / f"{NAME}.json").violations(result.data)
        print(f"valid under schemas/{NAME}.json: {not violations}")
        expected = json.loads((HERE / f"{NAME}.json").read_text())
        print(f"equal to examples/{NAME}.json: {result.data == expected}")
        if violations:
            raise SystemExit("the service broke its promise")
    finally:
        service.terminate()
        service.wait(timeout=30)


def address(service: subprocess.Popen[str]) -> str:
    """Where the service listens: it says so once it is ready."""
    assert service.stderr is not None
    for line in service.stderr:
        if found := re.search(r"http://\S+", line):
            return found.group()
        print(line, end="", file=sys.stderr)
    raise SystemExit("the service did not start")


if __name__ == "__main__":
    main()
