"""The object as it grows: `structgen serve`, then `python examples/streaming.py [URL]`."""

import asyncio
import json
import os
import sys
from pathlib import Path

from structgen import AsyncClient


async def main() -> None:
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    document = (Path(__file__).parent / "invoice.txt").read_text()
    async with AsyncClient(url, os.environ.get("STRUCTGEN_API_KEY")) as client:
        async for so_far in client.stream("invoice", document):
            print(json.dumps(so_far, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
