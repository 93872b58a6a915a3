"""Shapes of texts and objects that cost grounding much: dense numbers, few words, one line, nested lists."""

import random
from collections.abc import Callable
from typing import Any

Case = tuple[Any, str]
"""An object and its text."""
SHAPES: dict[str, Callable[[random.Random, int, int], Case]] = {}
"""Each makes a text of so many characters and an object of so many leaves."""
_SCRIPTS = {"latin": (0x61, 26), "greek": (0x3B1, 24), "cyrillic": (0x430, 32), "arabic": (0x627, 30),
            "chinese": (0x4E00, 3000), "thai": (0xE01, 46), "devanagari": (0x905, 50)}  # fmt: skip


def _shape(function: Callable[[random.Random, int, int], Case]) -> Callable[[random.Random, int, int], Case]:
    SHAPES[function.__name__] = function
    return function


def _filled(size: int, part: Callable[[], str], separator: str) -> str:
    parts: list[str] = []
    length = 0
    while length < size:
        parts.append(part())
        length += len(parts[-1]) + len(separator)
    return separator.join(parts)[:size]


def _script(rng: random.Random, script: str, length: int) -> str:
    first, count = _SCRIPTS[script]
    return "".join(chr(first + rng.randrange(count)) for _ in range(length))


@_shape
def digits(rng: random.Random, size: int, leaves: int) -> Case:
    return [rng.randrange(10) for _ in range(leaves)], _filled(size, lambda: str(rng.randrange(10)), " ")


@_shape
def absent_numbers(rng: random.Random, size: int, leaves: int) -> Case:
    return [1000 + i for i in range(leaves)], _filled(size, lambda: str(rng.randrange(1000)), " ")


@_shape
def absent_chinese(rng: random.Random, size: int, leaves: int) -> Case:
    return [_script(rng, "chinese", 8) for _ in range(leaves)], _script(rng, "chinese", size // 3)


@_shape
def two_words(rng: random.Random, size: int, leaves: int) -> Case:
    value = [" ".join(rng.choices(("aa", "bb"), k=30)) for _ in range(leaves)]
    return value, _filled(size, lambda: rng.choice(("aa", "bb")), " ")


@_shape
def one_letter(rng: random.Random, size: int, leaves: int) -> Case:
    return ["a" * i for i in range(leaves)], "a" * size


@_shape
def labels_everywhere(rng: random.Random, size: int, leaves: int) -> Case:
    names = [
        f"{a} {b}" for a in "total net gross sub tax due".split() for b in "amount value number date".split()
    ]
    value = {f"{rng.choice(names).replace(' ', '_')}_{i}": rng.randrange(300) for i in range(leaves)}
    return value, _filled(size, lambda: f"{rng.choice(names)}: {rng.randrange(300)}", "\n")


@_shape
def nested_lists(rng: random.Random, size: int, leaves: int) -> Case:
    def item() -> dict[str, Any]:
        inner = [{"b": rng.randrange(400), "c": rng.randrange(400)} for _ in range(rng.randrange(1, 6))]
        return {"a": inner, "d": rng.randrange(400)}

    value = [item() for _ in range(leaves // 7)]
    return value, _filled(size, lambda: " ".join(str(rng.randrange(400)) for _ in range(8)), "\n")


@_shape
def wide_items(rng: random.Random, size: int, leaves: int) -> Case:
    rows = [[rng.randrange(1000) for _ in range(200)] for _ in range(size // 780)]
    value = [{f"f{i}": number for i, number in enumerate(row)} for row in rows[: leaves // 200 + 1]]
    return value, "\n".join(" ".join(map(str, row)) for row in rows)[:size]


@_shape
def one_line(rng: random.Random, size: int, leaves: int) -> Case:
    rows = [[rng.randrange(500) for _ in range(4)] for _ in range(size // 15)]
    value = [dict(zip("abcd", row, strict=True)) for row in rows[: leaves // 4]]
    return value, " ".join(" ".join(map(str, row)) for row in rows)[:size]


@_shape
def one_line_scalars(rng: random.Random, size: int, leaves: int) -> Case:
    value = {f"v_{i}": rng.randrange(500) for i in range(leaves)}
    return value, _filled(size, lambda: str(rng.randrange(500)), " ")


@_shape
def equal_words(rng: random.Random, size: int, leaves: int) -> Case:
    return ["yes"] * leaves, _filled(size, lambda: f"row yes {rng.randrange(70_000)}", "\n")


@_shape
def equal_numbers(rng: random.Random, size: int, leaves: int) -> Case:
    return [7] * leaves, ("row 7 of\n" * leaves + "x y z\n" * (size // 6))[:size]


@_shape
def equal_with_labels(rng: random.Random, size: int, leaves: int) -> Case:
    return {f"amount_{i}": 7 for i in range(leaves)}, "amount 7 of\n" * (size // 12)


@_shape
def dates(rng: random.Random, size: int, leaves: int) -> Case:
    def day() -> tuple[int, int, int]:
        return rng.randrange(1, 28), rng.randrange(1, 13), 2000 + rng.randrange(10, 30)

    value = ["{2}-{1:02}-{0:02}".format(*day()) for _ in range(leaves)]
    return value, _filled(size, lambda: "{:02}/{:02}/{}".format(*day()), " ")


@_shape
def table(rng: random.Random, size: int, leaves: int) -> Case:
    rows = [(f"item {rng.randrange(50)}", rng.randrange(20), rng.randrange(100) + 0.5, rng.random() < 0.5)
            for _ in range(size // 18)]  # fmt: skip
    value = [dict(zip("abcd", row, strict=True)) for row in rows[: leaves // 4]]
    return value, "\n".join(f"{a}  {b}  {c}  {'yes' if d else 'no'}" for a, b, c, d in rows)[:size]


@_shape
def marks(rng: random.Random, size: int, leaves: int) -> Case:
    value = [{"a": i, "active": i % 2 == 0} for i in range(leaves // 2)]
    lines = "\n".join(f"{i}  {'yes' if i % 2 == 0 else 'no'}" for i in range(size // 10))
    return value, ("id  active\n" + lines)[:size]


@_shape
def commas(rng: random.Random, size: int, leaves: int) -> Case:
    return [i + 0.5 for i in range(leaves)], "1," * (size // 2)


@_shape
def small_source(rng: random.Random, size: int, leaves: int) -> Case:
    """Fifty times the leaves against a text of a few pages."""
    value = [{"a": rng.randrange(200), "b": f"word{rng.randrange(200)}"} for _ in range(leaves * 25)]
    return value, _filled(10_000, lambda: f"word{rng.randrange(200)}  {rng.randrange(200)}", "\n")


def drawn(rng: random.Random) -> tuple[str, Callable[[random.Random, int, int], Case]]:
    """Return a random shape with its name: script, separators, cells of a line, distinct values, nesting."""
    script = rng.choice(list(_SCRIPTS))
    separator = rng.choice((" ", "  ", "\t", ", ", "|"))
    width, distinct = rng.choice((1, 2, 5, 40, 100_000)), rng.choice((2, 30, 500, 20_000))
    nesting, said = rng.choice(("scalars", "list", "items", "nested")), rng.choice((0.0, 0.5, 1.0))
    kind = rng.choice(("words", "numbers", "phrases", "amounts"))

    def shape(own: random.Random, size: int, leaves: int) -> Case:
        values = [_value(own, kind, script) for _ in range(distinct)]
        cells, length = [], 0
        while length < size:
            cells.append(str(own.choice(values)))
            length += len(cells[-1]) + len(separator)
        lines = [separator.join(cells[i : i + width]) for i in range(0, len(cells), width)]
        told = [
            own.choice(values) if own.random() < said else _value(own, kind, script) for _ in range(leaves)
        ]
        return _nested(told, nesting), "\n".join(lines)[:size]

    return f"{kind} {script} {nesting} {width} {distinct} {separator!r} {said}", shape


def _value(rng: random.Random, kind: str, script: str) -> Any:
    if kind == "numbers":
        return rng.randrange(10_000)
    if kind == "amounts":
        return rng.randrange(1_000_000) / 100
    words = [
        _script(rng, script, rng.randrange(2, 9))
        for _ in range(1 if kind == "words" else rng.randrange(2, 8))
    ]
    return " ".join(words)


def _nested(told: list[Any], nesting: str) -> Any:
    if nesting == "scalars":
        return {f"field_{i}": one for i, one in enumerate(told)}
    if nesting == "list":
        return told
    rows = [dict(zip("abcd", told[i : i + 4], strict=False)) for i in range(0, len(told), 4)]
    if nesting == "items":
        return rows
    return [{"name": rows[i].get("a"), "rows": rows[i + 1 : i + 6]} for i in range(0, len(rows), 6)]
