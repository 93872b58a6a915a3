"""Fifty clients that repair hostile texts at once do not disturb one another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from structgen import AsyncClient, json_text
from structgen.engines.fake import FakeEngine
from structgen.parsing.pipeline import repair_by_rules
from structgen.parsing.result import RepairResult
from structgen.schema import Schema

Serve = Callable[..., str]
CLIENTS = 50
SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "string"}, "b": {"type": "integer"}},
    "required": ["a"],
}
SLOW = {"type": "array", "items": {"pattern": "^(a|aa)+$"}}
"""Takes an exponential time on a text that it does not match."""
HOSTILE: dict[str, Callable[[int], str]] = {
    "open brackets": lambda n: "[" * (900 + n),
    "too deep": lambda n: "[" * (100_000 + n),
    "closing brackets": lambda n: f'{{"a": "x", "b": {n}' + "}" * 2_000,
    "backslashes": lambda n: '{"a": "' + "\\" * (2_001 + n) + "' x",
    "quotes": lambda n: '{"a": ' + '"' * (500 + n),
    "commas": lambda n: '{"a": "x"' + "," * 5_000 + f'"b": {n}}}',
    "long number": lambda n: '{"a": x, "b": ' + "9" * (6_000 + n),
    "a number out of range": lambda n: f'{{"a": "x", "b": 1e{n}99,}}',
    "control characters": lambda n: f'{{"a": "\x00\x07\u2028{n}", b: 1}}',
    "lone surrogates": lambda n: f'{{"a": "\\ud83d{n}", b: 1}}',
    "repeated keys": lambda n: "{" + "".join(f'"a": "{i}" ' for i in range(200 + n)) + "}",
    "comments": lambda n: "/*" * 1_000 + f'*/ {{"a": "{n}"}} //',
    "fences": lambda n: "```json\n" * 50 + f'{{"a": "{n}",}}\n```',
    "prose": lambda n: f"I am sorry, {n} times. " * 50,
    "stray words": lambda n: f'{{"a": "x" oops {n}, "b": {n}}}',
}  # fmt: skip
"""Texts of each kind, one for each client."""


def alone(text: str) -> str:
    """Return the whole account of a text that is repaired in this process."""
    return json_text.dumps(
        RepairResult.from_json(repair_by_rules(text, Schema.parse(SCHEMA)).to_json()).to_json()
    )


async def repaired(url: str, number: int) -> tuple[str, str]:
    """Return the text of a client, and the account that the service gives it."""
    kinds = list(HOSTILE.values())
    text = kinds[number % len(kinds)](number)
    async with AsyncClient(url, timeout=60) as client:
        return text, json_text.dumps((await client.repair(text, SCHEMA)).to_json())


async def stopped(url: str, number: int) -> Any:
    """Send a text whose validation runs into a limit."""
    async with AsyncClient(url, timeout=60) as client:
        return await client.repair(json_text.dumps(["a" * (60 + number) + "!"]), SLOW)


async def test_hostile_texts_of_many_clients_do_not_disturb_one_another(serve: Serve) -> None:
    """Each client gets the account that its text has alone, while others run into a limit, and leave."""
    url = serve(FakeEngine(["{}"]))
    slow = [asyncio.ensure_future(stopped(url, number)) for number in range(2)]
    answers = await asyncio.gather(*(repaired(url, number) for number in range(CLIENTS)))
    for one in slow:
        one.cancel()
    assert [text[:40] for text, account in answers if account != alone(text)] == []
