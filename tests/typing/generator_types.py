"""Checked by mypy, never run: the generator gives types as the clients do."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from typing import Any, Literal, assert_type

from pydantic import BaseModel

from structgen import Generator, Grammar, Schema, __version__


class Invoice(BaseModel):
    number: str


class Colour(enum.Enum):
    RED = "red"
    NONE = 0


def of_a_generator(generator: Generator, document: str) -> None:
    assert_type(generator.extract(Invoice, document), Invoice)
    assert_type(generator.extract(list[Invoice], document), list[Invoice])
    assert_type(generator.extract(Schema.parse(Invoice), document), Any)
    assert_type(generator.extract({"type": "integer"}, document), Any)


def of_scalars_and_choices(generator: Generator, document: str) -> None:
    assert_type(generator.extract(int, document), int)
    assert_type(generator.extract(Literal["a", "b"], document), Literal["a", "b"])
    assert_type(generator.extract(Colour, document), Colour)
    assert_type(generator.extract(int | None, document), int | None)
    assert_type(generator.extract(dict[str, int], document), dict[str, int])
    assert_type(generator.extract(tuple[int, str], document), tuple[int, str])


def of_text(generator: Generator, document: str) -> None:
    assert_type(generator.extract(re.compile("[0-9]+"), document), str)
    assert_type(generator.extract(Grammar("start: /a+/"), document), str)


def of_items(generator: Generator, document: str) -> None:
    assert_type(generator.iter_extract(list[Invoice], document), Iterator[Invoice])
    assert_type(generator.iter_extract(Invoice, document), Iterator[Invoice])
    assert_type(generator.iter_extract({"type": "array"}, document), Iterator[Any])


def of_the_package() -> None:
    assert_type(__version__, str)
