"""Stream the items of a very long list through `iter_extract`: rows right, time, and memory beside the text.

`python benchmarks/long_stream.py [--rows 1000000] [--at-once 50]`. Rows of about fifty characters are made by
their number; the engine reads the rows of its prompt, so that the truth costs nothing. Memory is that of the
whole process beyond what it had with the text alone. The first item comes after all rows were counted.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import time
from collections.abc import AsyncGenerator
from typing import Any

from common import parsed

from structgen import Generator
from structgen.engines.base import Capabilities, Engine, EngineRequest, Health
from structgen.types import Chunk, Conversation, Usage

ITEM = {
    "type": "object",
    "properties": {
        "date": {"type": "string"},
        "description": {"type": "string"},
        "amount": {"type": "number"},
    },
    "required": ["date", "description", "amount"],
    "additionalProperties": False,
}
LINE = re.compile(r"(\d{4}-\d\d-\d\d);([\w ]+);(\d+\.\d\d)")
TOKEN = 4
"""Characters of a token."""
MEGABYTE = 1e6


def item(row: int) -> dict[str, Any]:
    """Return the item of a row."""
    date = f"2026-{row % 12 + 1:02}-{row % 28 + 1:02}"
    return {"date": date, "description": f"payment to customer p{row}", "amount": 100 + row % 100_000 + 0.25}


def text_of(rows: int) -> str:
    """Return a table of so many rows."""
    lines = (f"{one['date']};{one['description']};{one['amount']:.2f}\n" for one in map(item, range(rows)))
    return "Date;Description;Amount\n" + "".join(lines)


class Reader(Engine):
    """Answers with the rows of the prompt's last turn."""

    model = "reads rows"
    capabilities = Capabilities(concurrency=8)

    async def start(self) -> None:
        """Start nothing."""

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        rows = LINE.findall(request.prompt.messages[-1].content)
        items = [
            {"date": date, "description": words, "amount": float(amount)} for date, words, amount in rows
        ]
        text = json.dumps(items)
        usage = Usage(await self.count(request.prompt), len(text) // TOKEN)
        yield Chunk(text, usage=usage, finish="stop")

    async def count(self, prompt: Conversation) -> int:
        return sum(len(text) for text in prompt.texts()) // TOKEN

    async def health(self) -> Health:
        return Health(True)

    async def close(self) -> None:
        """Close nothing."""


def megabytes() -> float:
    """Return the highest memory of the process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


def main() -> None:
    """Print what a list took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--at-once", type=int, default=50, help="rows of a segment")
    options = parsed(parser, rows=2_000)
    text = text_of(options.rows)
    before, began, right, counted = megabytes(), time.process_time(), 0, 0.0
    with Generator(Reader()) as generator:
        items = generator.iter_extract(
            {"type": "array", "items": ITEM},
            text,
            limits={"rows_per_segment": options.at_once},
            sampling={"max_tokens": 100_000},
        )
        for row, one in enumerate(items):
            counted = counted or megabytes()
            right += one == item(row)
    seconds = time.process_time() - began
    print(
        f"{right} of {options.rows} rows right, {len(text) / MEGABYTE:.1f} M characters, {seconds:.0f} s of "
        f"processor\n  memory beside the text: {counted - before:.0f} MB when all rows were counted, "
        f"{megabytes() - before:.0f} MB at the end"
    )


if __name__ == "__main__":
    main()
