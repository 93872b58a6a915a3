"""Checked by mypy, never run: the generator gives types as the clients do."""

from __future__ import annotations

from typing import Any, assert_type

from pydantic import BaseModel

from structgen import Generator, Schema, __version__


class Invoice(BaseModel):
    number: str


def of_a_generator(generator: Generator, document: str) -> None:
    assert_type(generator.extract(Invoice, document), Invoice)
    assert_type(generator.extract(list[Invoice], document), list[Invoice])
    assert_type(generator.extract(Schema.parse(Invoice), document), Any)
    assert_type(__version__, str)
