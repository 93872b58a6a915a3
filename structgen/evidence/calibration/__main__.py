"""Calibrate in a process of its own: `{"schema", "rows"}` from standard input, the result to standard output.

The service runs this with limits on time and memory. A fault is written as `{"error": {"detail", …}}`.
"""

from __future__ import annotations

import sys

from structgen import json_text
from structgen.errors import StructgenError
from structgen.evidence.calibration.calibrate import calibrate


def main() -> None:
    """Read a request, calibrate, and write the response."""
    given = json_text.loads(sys.stdin.buffer.read())
    try:
        calibration, report = calibrate(given["rows"], given["schema"])
        body = {"calibration": calibration.to_json(), "report": report.to_json()}
    except StructgenError as error:
        violations = [violation.to_json() for violation in getattr(error, "violations", ())]
        body = {"error": {"name": error.name, "detail": str(error), "violations": violations}}
    sys.stdout.write(json_text.dumps(body))


if __name__ == "__main__":
    main()
