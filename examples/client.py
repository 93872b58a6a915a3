"""Against a running service: `structgen serve`, then `python examples/client.py [URL]`."""

import json
import os
import sys
from pathlib import Path

from structgen import Client, errors


def main() -> None:
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    document = (Path(__file__).parent / "invoice.txt").read_text()
    with Client(url, os.environ.get("STRUCTGEN_API_KEY")) as client:
        try:
            result = client.result("invoice", document)
        except errors.GenerationError as error:
            sys.exit(f"no valid object after {len(error.attempts)} attempts: {error}")
    print(json.dumps(result.data, indent=2, ensure_ascii=False))
    print(f"{len(result.attempts)} attempt(s), {result.usage.total_tokens} tokens", file=sys.stderr)


if __name__ == "__main__":
    main()
