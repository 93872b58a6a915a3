"""Random replies, built from thoughts, prose, JSON and calls: good, malformed, cut and nested ones."""

import json
import random
from collections.abc import Callable

TAGS = ("<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>")
SNIPPETS = (
    *TAGS,
    '"', "'", "\\", '\\"', "\n", " ", "\n\n", "{", "}", "[", "]", ",", ":", "<", "</", "<tool", "</tool_cal", "<thi",
    '{"name": "f"', '"a": ', "1.5e", "true", "\\u12", "é", "😀", "word", "f(x)", "</tool_response>",
)  # fmt: skip


def snippets(rng: random.Random, most: int) -> str:
    return "".join(rng.choices(SNIPPETS, k=rng.randint(0, most)))


def call(rng: random.Random) -> str:
    """A sound call whose strings may hold tags and quotes."""
    arguments = {f"k{i}": snippets(rng, 4) for i in range(rng.randint(0, 3))}
    return json.dumps({"name": "f", "arguments": arguments}, indent=rng.choice([None, None, 1]))


def broken_call(rng: random.Random) -> str:
    text = call(rng)
    at = rng.randrange(len(text))
    return rng.choice([text[:at], text[:at] + text[at + 1 :], text[:at] + rng.choice(SNIPPETS) + text[at:]])


def enclosed_call(rng: random.Random) -> str:
    body = rng.choice([call, call, broken_call, lambda _: snippets(rng, 3)])(rng)
    space = rng.choice(["", "\n", " \n"])
    closing = rng.choice(["</tool_call>"] * 4 + ["", "</tool_c"])
    return f"<tool_call>{space}{body}{space}{closing}"


def prose(rng: random.Random) -> str:
    return rng.choice(["Let me see. ", 'He said "no".\n', "  ", ""]) + snippets(rng, 3)


def json_content(rng: random.Random) -> str:
    return json.dumps([snippets(rng, 3), {snippets(rng, 2): 1}])


def thought(rng: random.Random) -> str:
    pieces = [rng.choice([prose, enclosed_call])(rng) for _ in range(rng.randint(0, 3))]
    return "<think>" + "".join(pieces) + rng.choice(["</think>", "</think>", "</think>\n\n", ""])


def reply(rng: random.Random) -> str:
    kinds: list[Callable[[random.Random], str]] = [thought, prose, json_content, enclosed_call, enclosed_call]
    text = "".join(rng.choice(kinds)(rng) for _ in range(rng.randint(1, 5)))
    return text[: rng.randint(0, len(text))] if rng.random() < 0.2 else text


def chunks(rng: random.Random, text: str) -> list[str]:
    """Cut the text at random places."""
    cuts = sorted(rng.randint(0, len(text)) for _ in range(rng.choice([1, 3, 10, len(text)])))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
